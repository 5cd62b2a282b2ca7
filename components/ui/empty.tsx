import type { ReactNode } from "react";

/** An empty list teaches what would be here and offers the next step. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="rounded-lg border border-dashed p-6 text-center">
      <p className="font-medium">{title}</p>
      <div className="mx-auto mt-1 max-w-prose text-muted text-sm">{children}</div>
      {action && <div className="mt-3 flex justify-center gap-2">{action}</div>}
    </div>
  );
}

/** Takes the place of content that is still loading, at about its size. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div role="status" aria-label="Loading" className="motion-safe:animate-pulse space-y-2">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
        <div key={line} className="h-4 rounded bg-nodata" style={{ width: `${90 - (line % 3) * 15}%` }} />
      ))}
    </div>
  );
}

/** One clear line of what went wrong, and what to do. */
export function ErrorNote({ message, action }: { message: string; action?: ReactNode }) {
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-3 rounded-md border border-bad/40 p-3 text-bad text-sm"
    >
      <span className="min-w-0 flex-1">{message}</span>
      {action}
    </div>
  );
}
