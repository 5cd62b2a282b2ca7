import type { Metadata } from "next";
import { Suspense } from "react";
import { TraitView } from "#components/traits/editor/trait-view.tsx";
import { Skeleton } from "#components/ui/empty.tsx";

interface Props {
  params: Promise<{ category: string; trait: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { category, trait } = await params;
  return { title: `${category}/${trait}` };
}

export default async function TraitPage({ params }: Props) {
  const { category, trait } = await params;
  return (
    <Suspense fallback={<Skeleton lines={12} />}>
      <TraitView trait={`${category}/${trait}`} />
    </Suspense>
  );
}
