import type { Metadata } from "next";
import { Suspense } from "react";
import { MonitorView } from "#components/monitor/monitor-view.tsx";

export const metadata: Metadata = { title: "Monitor" };

export default function MonitorPage() {
  return (
    <>
      <h1 className="mb-4 font-semibold text-xl">Monitor</h1>
      <Suspense>
        <MonitorView />
      </Suspense>
    </>
  );
}
