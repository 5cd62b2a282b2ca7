import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, gaussian } from "./rng.ts";
import {
  auroc,
  aurocInterval,
  bootstrapInterval,
  bootstrapMean,
  intervalsOverlap,
  mean,
  meanAbsoluteError,
  median,
  pairedBootstrap,
  pearson,
  ranks,
  sampleDeviation,
  spearman,
  wilsonInterval,
} from "./statistics.ts";

const values = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 20 });

describe("figures that do not exist", () => {
  it("are null, never NaN", () => {
    expect(mean([])).toBeNull();
    expect(median([])).toBeNull();
    expect(sampleDeviation([1])).toBeNull();
    expect(wilsonInterval(0, 0)).toBeNull();
    expect(auroc([], [1])).toBeNull();
    expect(auroc([1], [])).toBeNull();
    expect(aurocInterval([1], [0, 0])).toBeNull();
    expect(spearman([1, 1], [1, 2])).toBeNull();
    expect(pearson([], [])).toBeNull();
    expect(meanAbsoluteError([], [])).toBeNull();
    expect(bootstrapMean([], createRng(1))).toBeNull();
    expect(bootstrapInterval([[1], []], mean, createRng(1))).toBeNull();
    expect(bootstrapInterval([[1, 1]], () => null, createRng(1))).toBeNull();
  });
});

describe("ranks and AUROC", () => {
  it("equals the share of pairs won, ties one half, and turns over with the sides", () => {
    fc.assert(
      fc.property(values, values, (positives, negatives) => {
        const wins = positives.flatMap((p) => negatives.map((n) => (p > n ? 1 : p === n ? 0.5 : 0)));
        expect(auroc(positives, negatives)).toBeCloseTo(mean(wins) ?? Number.NaN, 12);
        expect((auroc(positives, negatives) ?? 0) + (auroc(negatives, positives) ?? 0)).toBeCloseTo(1, 12);
      }),
    );
  });

  it("ranks sum to n(n + 1)/2 and do not depend on a monotone map", () => {
    fc.assert(
      fc.property(values, (given) => {
        const found = ranks(given);
        expect(found.reduce((sum, rank) => sum + rank, 0)).toBe((given.length * (given.length + 1)) / 2);
        expect(ranks(given.map((value) => value ** 3 + 7))).toEqual(found);
      }),
    );
  });

  it("keeps an interval open at a perfect score", () => {
    expect(aurocInterval([2, 3, 4, 5], [0, 1, 1, 0])).toEqual([expect.closeTo(4 / (4 + 3.8415), 4), 1]);
    expect(aurocInterval([0, 0], [1, 1])).toEqual([0, expect.closeTo(3.8415 / 5.8415, 4)]);
  });

  it("covers the true area in about 95 of 100 samples", () => {
    // Normal scores one deviation apart: the true area is Φ(1/√2).
    const truth = 0.7602499389;
    const rng = createRng(3);
    const rounds = 1_000;
    let covered = 0;
    for (let round = 0; round < rounds; round++) {
      const positives = Array.from({ length: 40 }, () => gaussian(rng) + 1);
      const negatives = Array.from({ length: 40 }, () => gaussian(rng));
      const [low, high] = aurocInterval(positives, negatives) ?? [1, 0];
      if (low <= truth && truth <= high) covered += 1;
    }
    expect(covered / rounds).toBeGreaterThan(0.92);
    expect(covered / rounds).toBeLessThan(0.98);
  });
});

describe("bootstrap", () => {
  const rng = createRng(5);
  const sample = Array.from({ length: 60 }, () => 10 + gaussian(rng));

  it("repeats with the seed and is about as wide as the normal interval of a mean", () => {
    const first = bootstrapMean(sample, createRng(1));
    expect(first).toEqual(bootstrapMean(sample, createRng(1)));
    expect(first?.interval).not.toEqual(bootstrapMean(sample, createRng(2))?.interval);
    const half = (1.96 * (sampleDeviation(sample) ?? 0)) / Math.sqrt(sample.length);
    const [low, high] = first?.interval ?? [0, 0];
    expect((high - low) / (2 * half)).toBeGreaterThan(0.85);
    expect((high - low) / (2 * half)).toBeLessThan(1.15);
    expect(low < (first?.mean ?? 0) && (first?.mean ?? 0) < high).toBe(true);
  });

  it("pairs cancel what differs between questions", () => {
    const shifted = sample.map((value, at) => value * 5 + 3 + (at % 2) * 0.1);
    const before = sample.map((value) => value * 5);
    const paired = pairedBootstrap(shifted, before, createRng(1));
    expect(paired?.mean).toBeCloseTo(3.05, 6);
    expect((paired?.interval[1] ?? 9) - (paired?.interval[0] ?? 0)).toBeLessThan(0.05);
    expect(() => pairedBootstrap([1], [1, 2], createRng(1))).toThrow("cannot be paired");
  });

  it("leaves out resamples without a statistic, and gives up when they are most", () => {
    const onlyVaried = (group: Float64Array) => (group.every((value) => value === group[0]) ? null : 1);
    expect(bootstrapInterval([[0, 1, 2]], onlyVaried, createRng(1))).toEqual([1, 1]);
    expect(
      bootstrapInterval(
        [[0, 0, 0, 0, 0, 0, 0, 0, 0, 1]].map((g) => g.slice(8, 9)),
        onlyVaried,
        createRng(1),
      ),
    ).toBeNull();
  });
});

describe("intervals", () => {
  it("overlap when they share a point", () => {
    expect(intervalsOverlap([0, 0.5], [0.5, 1])).toBe(true);
    expect(intervalsOverlap([0, 0.4], [0.5, 1])).toBe(false);
    expect(intervalsOverlap([0.5, 1], [0, 0.4])).toBe(false);
  });

  it("of a proportion lie in [0, 1] and hold the proportion", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (trials, share) => {
          const [low, high] = wilsonInterval(share * trials, trials) ?? [1, 0];
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low).toBeLessThanOrEqual(share + 1e-12);
          expect(high).toBeGreaterThanOrEqual(share - 1e-12);
        },
      ),
    );
  });

  it("mean absolute error", () => {
    expect(meanAbsoluteError([1, 2, 3], [2, 2, 1])).toBe(1);
  });
});
