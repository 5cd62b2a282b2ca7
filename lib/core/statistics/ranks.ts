import { type Interval, mean, requireEqualLength, sampleVariance, z95 } from "./summary.ts";

/** 1-based ranks; equal values share the mean of their ranks. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from(values, (_, at) => at).sort(
    (a, b) => (values[a] as number) - (values[b] as number),
  );
  const result = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) end++;
    for (let at = start; at < end; at++) result[order[at] as number] = (start + 1 + end) / 2;
    start = end;
  }
  return result;
}

/** Pearson's correlation. Null when a side is constant or there are fewer than two values. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  requireEqualLength(a, b);
  const meanA = mean(a);
  const meanB = mean(b);
  if (meanA === null || meanB === null) return null;
  let product = 0;
  let squareA = 0;
  let squareB = 0;
  for (let at = 0; at < a.length; at++) {
    const differenceA = (a[at] as number) - meanA;
    const differenceB = (b[at] as number) - meanB;
    product += differenceA * differenceB;
    squareA += differenceA ** 2;
    squareB += differenceB ** 2;
  }
  if (squareA === 0 || squareB === 0) return null;
  return Math.min(1, Math.max(-1, product / Math.sqrt(squareA * squareB)));
}

/** Spearman's rank correlation, ties by mean rank. Null when a side is constant. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  return pearson(ranks(a), ranks(b));
}

/**
 * Area under the ROC curve: the chance that a positive scores above a negative, ties counting one half (Mann-Whitney).
 * Null when a side is empty.
 */
export function auroc(positives: ArrayLike<number>, negatives: ArrayLike<number>): number | null {
  return mean(placements(positives, negatives).ofPositives);
}

/**
 * DeLong's 95 % interval of an AUROC (DeLong, DeLong & Clarke-Pearson 1988), computed from mid-ranks (Sun & Xu 2014)
 * and clipped to [0, 1]. Null with fewer than two values a side. At an AUROC of exactly 0 or 1 the variance is
 * estimated as 0; the interval then comes from Wilson's rule over the smaller side, since a perfect sample is no proof.
 */
export function aurocInterval(positives: ArrayLike<number>, negatives: ArrayLike<number>): Interval | null {
  const { ofPositives, ofNegatives } = placements(positives, negatives);
  const area = mean(ofPositives);
  const variancePositives = sampleVariance(ofPositives);
  const varianceNegatives = sampleVariance(ofNegatives);
  if (area === null || variancePositives === null || varianceNegatives === null) return null;
  if (area === 0 || area === 1) {
    const n = Math.min(positives.length, negatives.length);
    const reach = z95 ** 2 / (n + z95 ** 2);
    return area === 1 ? [1 - reach, 1] : [0, reach];
  }
  const half = z95 * Math.sqrt(variancePositives / positives.length + varianceNegatives / negatives.length);
  return [Math.max(0, area - half), Math.min(1, area + half)];
}

/** For each positive the share of negatives below it, and for each negative the share of positives above it. */
function placements(positives: ArrayLike<number>, negatives: ArrayLike<number>) {
  const pooled = new Float64Array(positives.length + negatives.length);
  pooled.set(Float64Array.from(positives));
  pooled.set(Float64Array.from(negatives), positives.length);
  const pooledRanks = ranks(pooled);
  const positiveRanks = ranks(positives);
  const negativeRanks = ranks(negatives);
  return {
    ofPositives:
      negatives.length === 0
        ? new Float64Array()
        : positiveRanks.map((rank, at) => ((pooledRanks[at] as number) - rank) / negatives.length),
    ofNegatives:
      positives.length === 0
        ? new Float64Array()
        : negativeRanks.map(
            (rank, at) => 1 - ((pooledRanks[positives.length + at] as number) - rank) / positives.length,
          ),
  };
}
