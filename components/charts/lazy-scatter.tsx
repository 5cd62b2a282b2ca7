"use client";
import dynamic from "next/dynamic";
import { Skeleton } from "#components/ui/empty.tsx";

/** `Scatter`, fetched when one is first shown, as `LazyLines`. */
export const LazyScatter = dynamic(() => import("./scatter.tsx").then(({ Scatter }) => Scatter), {
  ssr: false,
  loading: () => (
    <div className="h-80 w-full">
      <Skeleton lines={8} />
    </div>
  ),
});
