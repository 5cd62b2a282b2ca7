import type { Metadata } from "next";
import { Suspense } from "react";
import { ReportView } from "#components/report/report-view.tsx";
import { ExperimentHeading } from "#components/shell/experiment-heading.tsx";

interface Props {
  params: Promise<{ exp: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${(await params).exp} · report` };
}

export default async function ReportPage({ params }: Props) {
  const { exp } = await params;
  return (
    <>
      <ExperimentHeading experiment={exp} page="Report" />
      <Suspense>
        <ReportView experiment={exp} />
      </Suspense>
    </>
  );
}
