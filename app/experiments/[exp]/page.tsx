import type { Metadata } from "next";
import { ExperimentView } from "#components/runs/experiment-view.tsx";

interface Props {
  params: Promise<{ exp: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).exp };
}

export default async function ExperimentPage({ params }: Props) {
  return <ExperimentView name={(await params).exp} />;
}
