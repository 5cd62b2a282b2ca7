"use client";
import dynamic from "next/dynamic";
import { Skeleton } from "#components/ui/empty.tsx";

/** `PairPanes`, fetched after the page itself: CodeMirror weighs as much as all the rest. */
export const LazyPairPanes = dynamic(() => import("./pair-panes.tsx").then(({ PairPanes }) => PairPanes), {
  ssr: false,
  loading: () => (
    <div className="h-[clamp(20rem,62vh,60rem)]">
      <Skeleton lines={12} />
    </div>
  ),
});
