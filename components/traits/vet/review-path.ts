import type { VettingKind } from "#lib/pipeline/human-labels.ts";

/** The queue of what did not pass. */
export function reviewPath(trait: string, experiment: string | null, kind?: VettingKind): string {
  const query = new URLSearchParams({
    ...(experiment === null ? {} : { experiment }),
    ...(kind ? { kind } : {}),
  });
  return `/traits/${trait}/review${query.size > 0 ? `?${query}` : ""}`;
}
