"use client";
import dynamic from "next/dynamic";
import { Skeleton } from "#components/ui/empty.tsx";

/** `Lines`, fetched when one is first shown: its library weighs a third of what a page may. */
export const LazyLines = dynamic(() => import("./lines.tsx").then(({ Lines }) => Lines), {
  ssr: false,
  loading: () => (
    <div className="h-72 w-full">
      <Skeleton lines={8} />
    </div>
  ),
});
