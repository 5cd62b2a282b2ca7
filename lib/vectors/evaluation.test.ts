import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cosine } from "#lib/core/linear.ts";
import { plantedRows } from "#lib/testing/planted-rows.ts";
import { cohensD, combinedScores, decisionRule, evaluateVector, overlapsRandom } from "./evaluation.ts";
import { evaluateLayer, extractLayer, type LayerActivations } from "./layer.ts";
import { type Rows, selectRows, stackRows } from "./rows.ts";

const of = (rows: number[][]): Rows => ({
  data: Float32Array.from(rows.flat()),
  count: rows.length,
  dim: rows[0]?.length ?? 0,
});
const axis = { vector: Float32Array.of(1, 0), norm: 1 };

describe("evaluation", () => {
  const train = {
    positives: of([
      [4, 0],
      [6, 0],
    ]),
    negatives: of([
      [0, 0],
      [2, 0],
    ]),
  };

  it("decides at the midpoint of the training means, balanced over the sides", () => {
    const validation = {
      positives: of([
        [5, 9],
        [2, 9],
        [7, 9],
        [8, 9],
      ]),
      negatives: of([
        [1, 9],
        [4, 9],
      ]),
    };
    const found = evaluateVector(axis, train, validation, { seed: 1 });
    expect(found.threshold).toBe(3);
    expect(found.val_accuracy).toBe((3 / 4 + 1 / 2) / 2);
    expect(found.val_auroc).toBe((4 * 2 - 1) / 8);
    expect(found).toMatchObject({ n_val_pos: 4, n_val_neg: 2, polarity_correct: true });
    const [low, high] = found.val_accuracy_ci;
    expect(low < found.val_accuracy && found.val_accuracy < high).toBe(true);
  });

  it("a probe decides by its own boundary on rows of unit length", () => {
    const decider = { vector: Float32Array.of(1, 0), norm: 4, bias: -2 };
    expect(decisionRule(decider, train.positives, train.negatives)).toEqual({
      threshold: 0.5,
      unitRows: true,
    });
    // cosines with the axis: 0.6 and 0.8 are above 0.5 however long the row, 0.28 is not.
    const validation = {
      positives: of([
        [3, 4],
        [0.08, 0.06],
      ]),
      negatives: of([
        [28, 96],
        [60, 80],
      ]),
    };
    expect(evaluateVector(decider, train, validation, { seed: 1 }).val_accuracy).toBe((1 + 0.5) / 2);
  });

  it("tells a wrong polarity, and then the combined score is 0", () => {
    const turned = evaluateVector({ ...axis, vector: Float32Array.of(-1, 0) }, train, train, { seed: 1 });
    expect(turned.polarity_correct).toBe(false);
    expect(turned.val_auroc).toBe(0);
    expect(combinedScores([turned])).toEqual([0]);
  });

  it("combines accuracy and effect size relative to the trait's largest", () => {
    const one = { val_accuracy: 0.9, val_effect_size: 4, polarity_correct: true };
    const two = { val_accuracy: 0.8, val_effect_size: 2, polarity_correct: true };
    const unknown = { val_accuracy: 0.8, val_effect_size: null, polarity_correct: true };
    expect(combinedScores([one, two, unknown])).toEqual([(0.9 + 1) / 2, (0.8 + 0.5) / 2, 0.4]);
    expect(combinedScores([{ ...two, val_effect_size: 0 }])).toEqual([0.4]);
    expect(combinedScores([])).toEqual([]);
  });

  it("is 0.5 of everything where nothing differs", () => {
    const same = of([
      [1, 1],
      [1, 1],
    ]);
    const found = evaluateVector(
      axis,
      { positives: same, negatives: same },
      { positives: same, negatives: same },
      { seed: 1 },
    );
    expect(found).toMatchObject({
      val_accuracy: 0.5,
      val_auroc: 0.5,
      val_effect_size: 0,
      polarity_correct: false,
    });
    expect(found.val_effect_size_ci).toEqual([0, 0]);
  });

  it("caps the effect of classes without spread and says null for a single row a side", () => {
    const apart = {
      positives: of([
        [2, 0],
        [2, 0],
      ]),
      negatives: of([
        [1, 0],
        [1, 0],
      ]),
    };
    expect(evaluateVector(axis, train, apart, { seed: 1 }).val_effect_size).toBe(1e6);
    const single = { positives: of([[2, 0]]), negatives: of([[1, 0]]) };
    expect(evaluateVector(axis, train, single, { seed: 1 })).toMatchObject({
      val_effect_size: null,
      val_effect_size_ci: null,
      val_auroc_ci: [0, 1],
    });
    expect(cohensD([1], [2, 3])).toBeNull();
  });

  it.each([
    [{ positives: of([]), negatives: of([[1, 2]]) }, "there are no positive validation rows"],
    [
      { positives: of([[1, 2]]), negatives: of([[1, Number.NaN]]) },
      "negative validation rows: row 0, dimension 1 is NaN",
    ],
    [{ positives: of([[1, 2, 3]]), negatives: of([[1, 2, 3]]) }, "come from different models"],
  ])("refuses %#", (validation, message) => {
    expect(() => evaluateVector(axis, train, validation, { seed: 1 })).toThrow(message);
  });

  it("never gives NaN, and its intervals hold their figures", () => {
    const side = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 0, max: 3 }),
        fc.nat(),
        (positives, negatives, levels, seed) => {
          const { positives: p, negatives: n } = plantedRows({
            positives,
            negatives,
            dim: 2,
            distance: 1,
            seed,
          });
          // Few distinct values: ties and constant sides.
          const coarse = (rows: Rows): Rows => ({
            ...rows,
            data: rows.data.map((v) => Math.max(-levels, Math.min(levels, Math.round(v)))),
          });
          const validation = { positives: coarse(p), negatives: coarse(n) };
          const found = evaluateVector(axis, train, validation, { seed });
          const figures = [
            [found.val_accuracy, found.val_accuracy_ci],
            [found.val_auroc, found.val_auroc_ci],
          ] as const;
          for (const [value, [low, high]] of figures) {
            expect(low >= 0 && high <= 1).toBe(true);
            expect(value).toBeGreaterThanOrEqual(low - 1e-12);
            expect(value).toBeLessThanOrEqual(high + 1e-12);
          }
          expect(found.val_effect_size === null || Number.isFinite(found.val_effect_size)).toBe(true);
          expect(found.val_effect_size_ci?.every(Number.isFinite) ?? true).toBe(true);
        },
      ),
    );
  });
});

describe("one layer as a job", () => {
  const planted = plantedRows({ positives: 90, negatives: 90, dim: 24, distance: 4, offset: 5, seed: 6 });
  const job = (from: number, to: number): LayerActivations => {
    const places = Array.from({ length: to - from }, (_, at) => from + at);
    const rows = stackRows(selectRows(planted.positives, places), selectRows(planted.negatives, places));
    return {
      values: Float32Array.from(rows.data),
      labels: Int8Array.from({ length: rows.count }, (_, at) => (at < places.length ? 1 : 0)),
      indices: Int32Array.from({ length: rows.count }, (_, at) => places[at % places.length] ?? 0),
      hidden: 24,
    };
  };
  const train = job(0, 30);
  const val = job(30, 90);
  const methods = ["mean_diff", "probe", "gradient", "pca", "random"];

  it("extracts and evaluates every method", () => {
    const vectors = extractLayer({ layer: 2, train, methods, seed: 5 });
    expect(Object.keys(vectors)).toEqual(methods);
    const evaluations = evaluateLayer({ layer: 2, train, val, vectors, seed: 5 });
    for (const method of methods.slice(0, 4)) {
      expect(cosine(vectors[method]?.vector ?? [], planted.direction)).toBeGreaterThan(0.8);
      expect(vectors[method]?.train_acc).toBeGreaterThan(0.9);
      expect(evaluations[method]?.val_auroc).toBeGreaterThan(0.9);
    }
    expect(vectors.pca?.info.pairs).toBe(30);
    const mean = vectors.mean_diff;
    const projections = Array.from({ length: 60 }, (_, at) =>
      train.values
        .subarray(at * 24, (at + 1) * 24)
        .reduce((sum, value, d) => sum + value * (mean?.vector[d] ?? 0), 0),
    );
    expect(mean?.baseline).toBeCloseTo(projections.reduce((sum, value) => sum + value, 0) / 60, 5);
  });

  it("flags what a random vector reaches too", () => {
    const vectors = extractLayer({ layer: 2, train, methods, seed: 5 });
    const noise = { ...val, values: val.values.map((_, at) => Math.sin(at * 12.9898) * 3) };
    const real = evaluateLayer({ layer: 2, train, val, vectors, seed: 5 });
    const empty = evaluateLayer({ layer: 2, train, val: noise, vectors, seed: 5 });
    const flag = (found: typeof real) =>
      found.mean_diff && found.random ? overlapsRandom(found.mean_diff, found.random) : null;
    expect(flag(real)).toBe(false);
    expect(flag(empty)).toBe(true);
  });

  it("draws another random vector at another layer, and the same one again", () => {
    const at = (layer: number) =>
      extractLayer({ layer, train, methods: ["random"], seed: 5 }).random?.vector ?? [];
    expect(at(1)).toEqual(at(1));
    expect(Math.abs(cosine(at(1), at(2)) ?? 1)).toBeLessThan(0.9);
  });

  it("leaves zeroed dimensions out of every vector but the random one", () => {
    const vectors = extractLayer({
      layer: 0,
      train,
      methods: methods.slice(0, 4),
      seed: 5,
      zeroDimensions: [3, 7],
    });
    for (const { vector } of Object.values(vectors)) {
      expect(Math.abs(vector[3] ?? 1) + Math.abs(vector[7] ?? 1)).toBeLessThan(1e-6);
    }
  });

  it.each([
    [{ labels: train.labels.map(() => 1) }, "layer 4: there are no negative training rows"],
    [
      { values: train.values.map((value, at) => (at === 30 ? Number.NaN : value)) },
      "layer 4: positive training rows: row 1, dimension 6 is NaN",
    ],
    [{ values: train.values.map(() => 1) }, "layer 4: mean_diff finds no direction"],
    [{ hidden: 23 }, "layer 4: training rows: 1440 numbers, 60 labels and 60 indices do not fit 23"],
  ])("names the layer and what is wrong with its rows: %#", (change, message) => {
    expect(() => extractLayer({ layer: 4, train: { ...train, ...change }, methods, seed: 1 })).toThrow(
      message,
    );
  });

  it("refuses an unknown method before any work", () => {
    expect(() => extractLayer({ layer: 4, train, methods: ["lda"], seed: 1 })).toThrow(
      'method "lda" is not known',
    );
  });
});
