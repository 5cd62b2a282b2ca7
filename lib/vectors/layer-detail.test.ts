import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateLayer, extractLayer, type LayerActivations } from "./layer.ts";
import { layerDetail } from "./layer-detail.ts";
import { principalComponents } from "./principal-components.ts";

const HIDDEN = 4;
const values = fc.float({ min: -50, max: 50, noNaN: true, noDefaultInfinity: true });

function activations(rows: number[][], labels: number[]): LayerActivations {
  return {
    values: Float32Array.from(rows.flat()),
    labels: Int8Array.from(labels),
    indices: Int32Array.from(labels.keys()),
    hidden: HIDDEN,
  };
}

const split = fc
  .array(fc.array(values, { minLength: HIDDEN, maxLength: HIDDEN }), { minLength: 4, maxLength: 12 })
  .map((rows) =>
    activations(
      rows.map((row, at) => (at % 2 === 0 ? row.map((value) => value + 3) : row)),
      rows.map((_, at) => (at % 2 === 0 ? 1 : 0)),
    ),
  );

describe("one layer's detail", () => {
  it("decides as the evaluation does: the threshold parts the held-out rows into its accuracy", () => {
    fc.assert(
      fc.property(split, split, (train, val) => {
        const methods = ["mean_diff", "probe"];
        const vectors = extractLayer({ layer: 2, train, methods, seed: 1 });
        const evaluated = evaluateLayer({ layer: 2, train, val, vectors, seed: 1 });
        for (const method of methods) {
          const decider = vectors[method];
          if (!decider) throw new Error(method);
          const { rows, threshold, unitRows } = layerDetail(decider, { layer: 2, train, val });
          expect(threshold).toBe(evaluated[method]?.threshold);
          expect(unitRows).toBe(method === "probe");
          const held = rows.filter((row) => row.split === "val");
          const right = (label: number) => {
            const side = held.filter((row) => row.label === label);
            return side.filter((row) => row.score > threshold === (label === 1)).length / side.length;
          };
          expect((right(1) + right(0)) / 2).toBeCloseTo(evaluated[method]?.val_accuracy ?? -1, 12);
          expect(rows.map(({ index }) => index)).toEqual([...train.indices, ...val.indices]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("is there without held-out rows, and says so of a vector of another width", () => {
    const train = activations(
      [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
      ],
      [1, 0],
    );
    const none = activations([], []);
    const vector = Float32Array.of(1, 0, 0, 0);
    expect(layerDetail({ vector, norm: 1 }, { layer: 0, train, val: none })).toMatchObject({
      threshold: 0.5,
      rows: [
        { split: "train", label: 1, score: 1 },
        { split: "train", label: 0, score: 0 },
      ],
    });
    const wide = { vector: new Float32Array(5), norm: 1 };
    expect(() => layerDetail(wide, { layer: 0, train, val: none })).toThrow("different models");
  });
});

describe("principal components", () => {
  it("of rows on two axes are those axes, with their shares of the variance", () => {
    const data = Float32Array.from([3, 0, 1, -3, 0, 1, 0, 1, 1, 0, -1, 1]);
    const { shares, coordinates } = principalComponents({ data, count: 4, dim: 3 }, 2);
    expect(shares.map((share) => Number(share.toFixed(9)))).toEqual([0.9, 0.1]);
    expect(Array.from(coordinates[0] ?? [], (value) => Number(Math.abs(value).toFixed(6)))).toEqual([
      3, 3, 0, 0,
    ]);
  });

  it("keep their shares in order and below one; equal rows have none", () => {
    fc.assert(
      fc.property(split, ({ values: data, labels }) => {
        const { shares, coordinates } = principalComponents({ data, count: labels.length, dim: HIDDEN }, 2);
        const [first = 0, second = 0] = shares;
        expect(first).toBeGreaterThanOrEqual(second - 1e-9);
        expect(first + second).toBeLessThanOrEqual(1 + 1e-9);
        const [x, y] = coordinates.map((axis) => [...axis]);
        const product = x?.reduce((sum, value, at) => sum + value * (y?.[at] ?? 0), 0) ?? 0;
        const scale = x?.reduce((sum, value) => sum + value ** 2, 1) ?? 1;
        expect(Math.abs(product) / scale).toBeLessThan(1e-6);
      }),
    );
    // One direction only: the second component must not be rounding along the first.
    const line = { data: Float32Array.from([3, 3, 0, 0, 3, 3, 0, 0]), count: 4, dim: 2 };
    const [along, across] = principalComponents(line, 2).coordinates;
    expect(Math.abs(along?.[0] ?? 0)).toBeCloseTo(Math.hypot(1.5, 1.5), 9);
    expect([...(across ?? [])]).toEqual([0, 0, 0, 0]);
    const equal = { data: new Float32Array(8).fill(2), count: 2, dim: HIDDEN };
    expect(principalComponents(equal, 2).shares).toEqual([0, 0]);
  });
});
