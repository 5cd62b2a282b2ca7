import { wilsonInterval } from "#lib/core/statistics.ts";
import type { Balance } from "./records.ts";

/** @param positiveFirst of `n` samples */
export function balanceOf(positiveFirst: number, n: number): Balance {
  const interval = wilsonInterval(positiveFirst, n);
  return {
    positive_first: positiveFirst,
    n,
    share: n === 0 ? null : positiveFirst / n,
    interval: interval && [...interval],
  };
}
