import type { Metadata } from "next";
import { Suspense } from "react";
import { ExperimentHeading } from "#components/shell/experiment-heading.tsx";
import { VectorsView } from "#components/vectors/vectors-view.tsx";

interface Props {
  params: Promise<{ exp: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${(await params).exp} · vectors` };
}

export default async function VectorsPage({ params }: Props) {
  const { exp } = await params;
  return (
    <>
      <ExperimentHeading experiment={exp} page="Vectors" />
      <Suspense>
        <VectorsView experiment={exp} />
      </Suspense>
    </>
  );
}
