"use client";
import dynamic from "next/dynamic";
import { Skeleton } from "#components/ui/empty.tsx";

/** `VetTab`, fetched when it is first shown. */
export const LazyVetTab = dynamic(() => import("./vet-tab.tsx").then(({ VetTab }) => VetTab), {
  ssr: false,
  loading: () => <Skeleton lines={12} />,
});

/** `VetRun`, fetched when there is a run. */
export const LazyVetRun = dynamic(() => import("./vet-run.tsx").then(({ VetRun }) => VetRun), {
  ssr: false,
  loading: () => <Skeleton lines={2} />,
});
