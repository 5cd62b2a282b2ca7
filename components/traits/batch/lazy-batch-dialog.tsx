"use client";
import dynamic from "next/dynamic";

/** `BatchDialog`, fetched when it is first opened. */
export const LazyBatchDialog = dynamic(
  () => import("./batch-dialog.tsx").then(({ BatchDialog }) => BatchDialog),
  { ssr: false },
);
