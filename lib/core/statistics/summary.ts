/** A 95 % confidence interval, lower and upper end. */
export type Interval = readonly [number, number];

/** Two-sided 95 % quantile of the standard normal distribution. */
export const z95 = 1.959963984540054;

/** Arithmetic mean in float64. Null for no values. */
export function mean(values: ArrayLike<number>): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at] as number;
  return sum / values.length;
}

/** Unbiased sample variance (n − 1), two passes. Null for fewer than two values. */
export function sampleVariance(values: ArrayLike<number>): number | null {
  const centre = mean(values);
  if (centre === null || values.length < 2) return null;
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += ((values[at] as number) - centre) ** 2;
  return sum / (values.length - 1);
}

/** Sample standard deviation (n − 1). Null for fewer than two values. */
export function sampleDeviation(values: ArrayLike<number>): number | null {
  const variance = sampleVariance(values);
  return variance === null ? null : Math.sqrt(variance);
}

/** The middle value, or the mean of the two middle ones. Null for no values. */
export function median(values: ArrayLike<number>): number | null {
  if (values.length === 0) return null;
  return quantileOfSorted(Float64Array.from(values).sort(), 0.5);
}

/** Linear interpolation between order statistics (numpy's default). @param sorted ascending, at least one value */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] as number;
  const high = sorted[Math.ceil(at)] as number;
  return low + (high - low) * (at - Math.floor(at));
}

/** Mean absolute difference of two series of equal length. Null for no values. */
export function meanAbsoluteError(predicted: ArrayLike<number>, actual: ArrayLike<number>): number | null {
  requireEqualLength(predicted, actual);
  return mean(Float64Array.from(predicted, (value, at) => Math.abs(value - (actual[at] as number))));
}

/** Throws a RangeError: series of unequal length are a mistake in the calling code. */
export function requireEqualLength(a: ArrayLike<unknown>, b: ArrayLike<unknown>): void {
  if (a.length !== b.length) throw new RangeError(`${a.length} and ${b.length} values cannot be paired`);
}

/**
 * Wilson score interval of a proportion (Wilson 1927). @param successes may be fractional
 * Null without trials.
 */
export function wilsonInterval(successes: number, trials: number): Interval | null {
  if (trials <= 0) return null;
  const share = successes / trials;
  const z2 = z95 ** 2;
  const centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = (z95 / (1 + z2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials ** 2));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** True when two intervals share a point. */
export function intervalsOverlap(a: Interval, b: Interval): boolean {
  return a[0] <= b[1] && b[0] <= a[1];
}
