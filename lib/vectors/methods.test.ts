import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { cosine, dot, gramMatrix, multiply, norm } from "#lib/core/linear.ts";
import { fitLogistic, primalSpace, spanSpace } from "#lib/core/logistic.ts";
import { createRng, gaussian, shuffled } from "#lib/core/rng.ts";
import { plantedRows } from "#lib/testing/planted-rows.ts";
import { topEigenpair } from "./eigen.ts";
import { cohensD } from "./evaluation.ts";
import { massiveDimensions, withoutDimensions } from "./massive.ts";
import { methodFolder, parseMethods, vectorMethod, vectorMethods } from "./methods.ts";
import { checkRows, layerRows, meanRow, project, type Rows, selectRows, stackRows } from "./rows.ts";

const found = ["mean_diff", "probe", "gradient", "pca", "gradient:mean-margin"];
const every = [...found, "random"];
const pairsOf = (count: number) => Array.from({ length: count }, (_, at): [number, number] => [at, at]);
const extract = (method: string, positives: Rows, negatives: Rows, seed = 3) =>
  vectorMethod(method).extract(positives, negatives, {
    seed,
    pairs: positives.count === negatives.count ? pairsOf(positives.count) : [],
  });
const of = (rows: number[][]): Rows => ({
  data: Float32Array.from(rows.flat()),
  count: rows.length,
  dim: rows[0]?.length ?? 0,
});
const middle = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("a planted direction", () => {
  const plain = { positives: 60, negatives: 60, dim: 128, distance: 6, seed: 11 };

  it.each(found)("%s recovers it", (method) => {
    const { positives, negatives, direction } = plantedRows(plain);
    const { vector } = extract(method, positives, negatives);
    expect(cosine(vector, direction)).toBeGreaterThan(0.9);
  });

  it("random does not", () => {
    const { positives, negatives, direction } = plantedRows(plain);
    const { vector } = extract("random", positives, negatives);
    // Five standard deviations of the cosine of two random directions in 128 dimensions.
    expect(Math.abs(cosine(vector, direction) ?? 1)).toBeLessThan(5 / Math.sqrt(128));
  });

  it.each(found)("%s finds it far from the origin, with unequal sides and without pairs", (method) => {
    const { positives, negatives, direction } = plantedRows({
      positives: 90,
      negatives: 50,
      dim: 64,
      distance: 8,
      offset: 40,
      seed: 12,
    });
    const { vector } = extract(method, positives, negatives);
    expect(cosine(vector, direction)).toBeGreaterThan(0.85);
  });

  // A few loud dimensions spoil the difference of means; a separation objective turns away from them.
  const uneven = (seed: number) => {
    const all = plantedRows({ positives: 480, negatives: 480, dim: 32, distance: 2, seed });
    const loud = (side: Rows): Rows => ({
      ...side,
      data: side.data.map((value, at) => (at % 16 === 5 ? value * 12 : value)),
    });
    const cut = (side: Rows, from: number, to: number) =>
      selectRows(
        loud(side),
        Array.from({ length: to - from }, (_, at) => from + at),
      );
    return {
      train: [cut(all.positives, 0, 80), cut(all.negatives, 0, 80)] as const,
      fresh: [cut(all.positives, 80, 480), cut(all.negatives, 80, 480)] as const,
    };
  };

  it("gradient separates fresh rows better than mean_diff where noise is uneven", () => {
    const gains = [1, 2, 3, 4, 5].map((seed) => {
      const { train, fresh } = uneven(seed);
      const d = (method: string) => {
        const { vector } = extract(method, ...train);
        return cohensD(project(fresh[0], vector), project(fresh[1], vector)) ?? 0;
      };
      return d("gradient") / d("mean_diff");
    });
    expect(Math.min(...gains)).toBeGreaterThan(0.95);
    expect(gains.sort((a, b) => a - b)[2]).toBeGreaterThan(1.5);
  });

  it("random and gradient change with the seed", () => {
    const { positives, negatives } = plantedRows({
      positives: 30,
      negatives: 30,
      dim: 40,
      distance: 1,
      seed: 4,
    });
    for (const method of ["random", "gradient"]) {
      expect(extract(method, positives, negatives, 1).vector).not.toEqual(
        extract(method, positives, negatives, 2).vector,
      );
    }
  });

  it("the published gradient objective ends at mean_diff", () => {
    const { positives, negatives } = plantedRows({ ...plain, distance: 1 });
    const published = extract("gradient:mean-margin", positives, negatives);
    const means = extract("mean_diff", positives, negatives);
    expect(cosine(published.vector, means.vector)).toBeGreaterThan(0.999);
    expect(published.norm).toBeCloseTo(means.norm, 1);
  });
});

describe("laws of every method", () => {
  const planted = fc
    .record({
      count: fc.integer({ min: 6, max: 20 }),
      dim: fc.integer({ min: 2, max: 30 }),
      distance: fc.double({ min: 0.5, max: 8, noNaN: true }),
      offset: fc.double({ min: 0, max: 30, noNaN: true }),
      seed: fc.nat(1_000_000),
    })
    .map(({ count, ...rest }) => plantedRows({ ...rest, positives: count, negatives: count }));

  it.each(every)("%s: unit norm, positives project higher, finite, repeatable", (method) => {
    fc.assert(
      fc.property(planted, ({ positives, negatives }) => {
        const first = extract(method, positives, negatives);
        expect(norm(first.vector)).toBeCloseTo(1, 5);
        expect(middle(project(positives, first.vector))).toBeGreaterThanOrEqual(
          middle(project(negatives, first.vector)) - 1e-6,
        );
        expect(first.norm).toBeGreaterThan(0);
        const numbers = [first.norm, first.bias ?? 0, ...Object.values(first.info)].filter(
          (x) => typeof x === "number",
        );
        expect(numbers.every(Number.isFinite)).toBe(true);
        expect(extract(method, positives, negatives)).toEqual(first);
      }),
      { numRuns: 25 },
    );
  });

  it.each(every)("%s: changing sides turns the vector round", (method) => {
    fc.assert(
      fc.property(planted, ({ positives, negatives }) => {
        const there = extract(method, positives, negatives);
        const back = extract(method, negatives, positives);
        expect(cosine(there.vector, back.vector)).toBeLessThan(-0.99999);
        expect(back.norm / there.norm).toBeCloseTo(1, 2);
        if (there.bias !== undefined) expect(back.bias).toBeCloseTo(-there.bias, 5);
      }),
      { numRuns: 25 },
    );
  });

  // `gradient` holds out rows by place, so there the order matters; it is seeded instead.
  it.each(every.filter((method) => method !== "gradient"))(
    "%s: the order of rows does not matter",
    (method) => {
      fc.assert(
        fc.property(planted, fc.nat(), ({ positives, negatives }, seed) => {
          const order = shuffled(
            pairsOf(positives.count).map(([at]) => at),
            createRng(seed),
          );
          const there = extract(method, positives, negatives);
          const mixed = extract(method, selectRows(positives, order), selectRows(negatives, order));
          expect(cosine(there.vector, mixed.vector)).toBeGreaterThan(0.99999);
        }),
        { numRuns: 25 },
      );
    },
  );

  it.each(["mean_diff", "probe", "pca", "random"])(
    "%s: louder activations give the same direction",
    (method) => {
      fc.assert(
        fc.property(planted, fc.constantFrom(0.01, 8, 1000), ({ positives, negatives }, factor) => {
          const louder = (rows: Rows): Rows => ({ ...rows, data: rows.data.map((value) => value * factor) });
          const there = extract(method, positives, negatives);
          const loud = extract(method, louder(positives), louder(negatives));
          expect(cosine(there.vector, loud.vector)).toBeGreaterThan(0.9999);
          // A probe sees unit rows only; a random vector sees none.
          const expected = method === "probe" || method === "random" ? 1 : factor;
          expect(loud.norm / there.norm / expected).toBeCloseTo(1, 3);
        }),
        { numRuns: 25 },
      );
    },
  );

  it.each(found)("%s refuses sides that do not differ", (method) => {
    const same = of([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(() => extract(method, same, same)).toThrow(/finds no direction/);
  });

  it.each(every)("%s works with one row a side", (method) => {
    const { vector } = extract(method, of([[2, 1, 0]]), of([[0, 1, 1]]));
    expect(vector.every(Number.isFinite)).toBe(true);
    if (method !== "random") expect(dot(vector, [2, 0, -1])).toBeGreaterThan(0);
  });
});

describe("the probe's solver", () => {
  it("finds the same optimum in the span and in all dimensions, with repeated rows too", () => {
    const { positives, negatives } = plantedRows({
      positives: 20,
      negatives: 15,
      dim: 24,
      distance: 1,
      seed: 9,
    });
    const stacked = stackRows(positives, negatives);
    const doubled = stackRows(stacked, stacked);
    const rows = Float64Array.from(doubled.data, (value) => value / 5);
    const labels = Array.from({ length: doubled.count }, (_, at) => at % 35 < 20);
    const primal = fitLogistic(primalSpace(rows, 24), labels);
    const span = fitLogistic(spanSpace(gramMatrix(rows, 24), doubled.count), labels);
    const weights = primalSpace(rows, 24).pull(span.coefficients);
    expect(primal.converged && span.converged).toBe(true);
    expect(span.bias).toBeCloseTo(primal.bias, 8);
    weights.forEach((value, at) => {
      expect(value).toBeCloseTo(primal.coefficients[at] ?? Number.NaN, 8);
    });
  });

  it("converges when one class is rare and when the rows all point the same way", () => {
    const { positives, negatives } = plantedRows({
      positives: 3,
      negatives: 300,
      dim: 400,
      distance: 2,
      offset: 500,
      seed: 2,
    });
    const { info } = extract("probe", positives, negatives);
    expect(info.converged).toBe(true);
    expect(info.gradient_max).toBeLessThanOrEqual(1e-6);
    expect(info.solved_in).toBe("span of the rows");
  });
});

describe("the top eigenvector", () => {
  it("solves A v = λ v and no direction stretches more", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(),
        (count, dim, seed) => {
          const rng = createRng(seed);
          const matrix = Float64Array.from({ length: count * dim }, () => gaussian(rng));
          const gram = gramMatrix(matrix, dim);
          const apply = (v: Float64Array) => multiply(gram, count, v);
          const top = topEigenpair(apply, count, rng);
          if (top === null) throw new Error("a random matrix is not zero");
          expect(top.converged).toBe(true);
          apply(top.vector).forEach((value, at) => {
            expect(value).toBeCloseTo(top.value * (top.vector[at] ?? 0), 6);
          });
          // The trace of A² = Σ λ² bounds λ from above; every other direction from below.
          const other = Float64Array.from({ length: count }, () => gaussian(rng));
          expect(top.value * (1 + 1e-9)).toBeGreaterThanOrEqual(dot(other, apply(other)) / dot(other, other));
          for (let at = 0; at < count; at++) {
            expect(top.value * (1 + 1e-9)).toBeGreaterThanOrEqual(gram[at * count + at] ?? 0);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is exact on a known matrix, with a close second, and null for zero", () => {
    const eigenvalues = [5, 4.999, 3, 0, 1];
    const top = topEigenpair((v) => v.map((value, at) => value * (eigenvalues[at] ?? 0)), 5, createRng(1));
    expect(top?.value).toBeCloseTo(5, 10);
    expect(Math.abs(top?.vector[0] ?? 0)).toBeCloseTo(1, 5);
    expect(topEigenpair((v) => v.map(() => 0), 4, createRng(1))).toBeNull();
  });
});

describe("the registry", () => {
  it("reads lists and names what it knows", () => {
    expect(parseMethods(" mean_diff, probe,mean_diff")).toEqual(["mean_diff", "probe"]);
    expect(() => parseMethods("mean_diff,lda")).toThrow(
      'extraction method "lda" is not known: use mean_diff, probe, gradient, pca, random, gradient:mean-margin',
    );
    expect(() => parseMethods(" ,")).toThrow(/no extraction method given/);
    expect([...vectorMethods.keys()].map(methodFolder)).not.toContain("gradient:mean-margin");
    expect(new Set([...vectorMethods.keys()].map(methodFolder)).size).toBe(vectorMethods.size);
  });
});

describe("rows", () => {
  it("takes one layer of an activations tensor", () => {
    const activations = Float32Array.from({ length: 2 * 3 * 4 }, (_, at) => at);
    const rows = layerRows(activations, { examples: 2, layers: 3, dim: 4 }, 1);
    expect([...rows.data]).toEqual([4, 5, 6, 7, 16, 17, 18, 19]);
    expect([...meanRow(rows)]).toEqual([10, 11, 12, 13]);
  });

  it.each([
    [of([]), "there are no rows"],
    [{ data: new Float32Array(5), count: 2, dim: 3 }, "2 rows of 3 numbers are not 5"],
    [
      of([
        [0, 1],
        [2, Number.NaN],
      ]),
      "row 1, dimension 1 is NaN",
    ],
    [of([[Number.POSITIVE_INFINITY, 1]]), "row 0, dimension 0 is Infinity"],
  ])("refuses %#", (rows, message) => {
    expect(() => checkRows(rows, "rows")).toThrow(message);
    expect(() => checkRows(rows, "rows")).toThrow(AppError);
  });
});

describe("massive dimensions", () => {
  const layer = (loud: number, factor: number): Rows => {
    const { positives } = plantedRows({ positives: 10, negatives: 1, dim: 50, distance: 0, seed: factor });
    positives.data[3 * 50 + loud] = factor;
    return positives;
  };

  it("are those that are loud at three layers", () => {
    const layers = [layer(7, 500), layer(7, 900), layer(8, 900), layer(7, 300), layer(8, 20)];
    const [only, ...rest] = massiveDimensions(layers);
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ dimension: 7, layers: [0, 1, 3] });
    expect(only?.ratio).toBeGreaterThan(900 / 1);
    expect(massiveDimensions(layers, { minLayers: 4 })).toEqual([]);
    expect(massiveDimensions(layers, { minLayers: 1 }).map(({ dimension }) => dimension)).toEqual([7, 8]);
    expect(massiveDimensions([])).toEqual([]);
  });

  it("can be set to zero, in a copy", () => {
    const rows = of([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([...withoutDimensions(rows, [1]).data]).toEqual([1, 0, 3, 4, 0, 6]);
    expect(rows.data[1]).toBe(2);
  });
});
