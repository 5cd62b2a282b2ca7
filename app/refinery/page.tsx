import type { Metadata } from "next";
import { Suspense } from "react";
import { RefineryView } from "#components/refinery/refinery-view.tsx";

export const metadata: Metadata = { title: "Refinery" };

export default function RefineryPage() {
  return (
    <>
      <h1 className="mb-4 font-semibold text-xl">Refinery</h1>
      <Suspense>
        <RefineryView />
      </Suspense>
    </>
  );
}
