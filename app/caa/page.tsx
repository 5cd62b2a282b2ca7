import type { Metadata } from "next";
import { Suspense } from "react";
import { CaaView } from "#components/caa/caa-view.tsx";

export const metadata: Metadata = { title: "CAA datasets" };

export default function CaaPage() {
  return (
    <>
      <h1 className="mb-4 font-semibold text-xl">CAA datasets</h1>
      <Suspense>
        <CaaView />
      </Suspense>
    </>
  );
}
