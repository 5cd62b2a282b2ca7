import type { Rng } from "../rng.ts";
import { type Interval, mean, quantileOfSorted, requireEqualLength } from "./summary.ts";

export const bootstrapResamples = 1_000;

/**
 * Percentile bootstrap: the 95 % interval of a statistic over resamples with replacement, each group resampled by
 * itself (so a two-class statistic keeps its class sizes). Resamples whose statistic is null or not finite (a constant
 * draw) are left out.
 * @param statistic called with resampled groups in the given order; the arrays are reused between calls
 * @param rng seeded; the same stream gives the same interval
 * Null when a group is empty or more than half of the resamples have no statistic.
 */
export function bootstrapInterval(
  groups: readonly ArrayLike<number>[],
  statistic: (...resampled: Float64Array[]) => number | null,
  rng: Rng,
  resamples = bootstrapResamples,
): Interval | null {
  if (groups.some((group) => group.length === 0)) return null;
  const drawn = groups.map((group) => new Float64Array(group.length));
  const found: number[] = [];
  for (let round = 0; round < resamples; round++) {
    groups.forEach((group, which) => {
      const target = drawn[which] as Float64Array;
      for (let at = 0; at < target.length; at++) {
        target[at] = group[Math.floor(rng() * group.length)] as number;
      }
    });
    const value = statistic(...drawn);
    if (value !== null && Number.isFinite(value)) found.push(value);
  }
  if (found.length * 2 <= resamples) return null;
  const sorted = Float64Array.from(found).sort();
  return [quantileOfSorted(sorted, 0.025), quantileOfSorted(sorted, 0.975)];
}

/** Mean with its bootstrap 95 % interval. Null for no values. */
export function bootstrapMean(
  values: ArrayLike<number>,
  rng: Rng,
): { mean: number; interval: Interval } | null {
  const centre = mean(values);
  const interval = bootstrapInterval([values], mean, rng);
  return centre === null || interval === null ? null : { mean: centre, interval };
}

/**
 * Mean of `after − before` over pairs (the same question with and without steering), with its bootstrap 95 % interval:
 * pairs are resampled, so what differs between questions cancels. Null for no pairs.
 */
export function pairedBootstrap(
  after: ArrayLike<number>,
  before: ArrayLike<number>,
  rng: Rng,
): { mean: number; interval: Interval } | null {
  requireEqualLength(after, before);
  return bootstrapMean(
    Float64Array.from(after, (value, at) => value - (before[at] as number)),
    rng,
  );
}
