import type { Metadata } from "next";
import { Suspense } from "react";
import { ExperimentHeading } from "#components/shell/experiment-heading.tsx";
import { SteeringView } from "#components/steering/steering-view.tsx";

interface Props {
  params: Promise<{ exp: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${(await params).exp} · steering` };
}

export default async function SteeringPage({ params }: Props) {
  const { exp } = await params;
  return (
    <>
      <ExperimentHeading experiment={exp} page="Steering" />
      <Suspense>
        <SteeringView experiment={exp} />
      </Suspense>
    </>
  );
}
