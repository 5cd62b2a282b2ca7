import type { Metadata } from "next";
import { Suspense } from "react";
import { ReviewView } from "#components/traits/review/review-view.tsx";
import { Skeleton } from "#components/ui/empty.tsx";

interface Props {
  params: Promise<{ category: string; trait: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { category, trait } = await params;
  return { title: `${category}/${trait} · review` };
}

export default async function ReviewPage({ params }: Props) {
  const { category, trait } = await params;
  return (
    <Suspense fallback={<Skeleton lines={12} />}>
      <ReviewView trait={`${category}/${trait}`} />
    </Suspense>
  );
}
