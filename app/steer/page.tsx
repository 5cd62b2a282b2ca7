import type { Metadata } from "next";
import { Suspense } from "react";
import { SteerView } from "#components/steer/steer-view.tsx";

export const metadata: Metadata = { title: "Steer" };

export default function SteerPage() {
  return (
    <>
      <h1 className="mb-4 font-semibold text-xl">Steer</h1>
      <Suspense>
        <SteerView />
      </Suspense>
    </>
  );
}
