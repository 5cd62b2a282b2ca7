import { type Lint, onLine } from "../finding.ts";

/** One side has more lines than the other: those left over have no pair, and a run refuses such a trait. */
export const unequalCounts: Lint = {
  id: "unequal-counts",
  trait({ positive, negative }) {
    const [short, long, other] =
      positive.length < negative.length
        ? ([positive, negative, "positive"] as const)
        : ([negative, positive, "negative"] as const);
    const first = long[short.length];
    if (!first) return [];
    return [
      onLine(first, {
        severity: "warning",
        message: `${positive.length} positive but ${negative.length} negative lines: from here on there is no pair, and a run refuses the trait`,
        remedy: `write ${long.length - short.length} more ${other}, or delete the lines without a pair`,
      }),
    ];
  },
};
