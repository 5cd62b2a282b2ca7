import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dot, norm, scaled } from "#lib/core/linear.ts";
import { average, orthogonalised, rawOf, unitOf, weightedSum } from "./arithmetic.ts";

// Vectors are float32: no value is so small that its square is lost in float64.
const number = fc.float({ min: -100, max: 100, noNaN: true });
const DIM = 6;
const vectors = fc.array(number, { minLength: DIM, maxLength: DIM }).map((all) => Float64Array.from(all));
const real = vectors.filter((vector) => norm(vector) > 1e-3);
const close = (a: Float64Array, b: Float64Array, within: number) =>
  expect(norm(a.map((value, at) => value - (b[at] ?? Number.NaN)))).toBeLessThanOrEqual(within);
const sum = (...terms: [number, Float64Array][]) =>
  weightedSum(
    terms.map(([factor, vector]) => ({ factor, vector })),
    DIM,
  );
/** What steering adds at a coefficient: coef · unit vector, the coefficient being in units of the stored norm. */
const added = (raw: Float64Array, coef: number) => {
  const { vector, norm: length } = unitOf(raw);
  return Float64Array.from(vector, (value) => value * length * coef);
};

describe("arithmetic of vectors", () => {
  it("v − v is zero: nothing is added, whatever the coefficient", () => {
    fc.assert(
      fc.property(real, number, (v, coef) => {
        expect(unitOf(sum([1, v], [-1, v]))).toEqual({ vector: new Float32Array(DIM), norm: 0 });
        expect([...added(sum([1, v], [-1, v]), coef)].every((value) => value === 0)).toBe(true);
      }),
    );
  });

  it("2v at a coefficient is v at twice the coefficient, and any factor alike", () => {
    fc.assert(
      fc.property(real, number, fc.double({ min: 0.1, max: 10, noNaN: true }), (v, coef, factor) => {
        const reach = norm(v) * Math.abs(coef * factor) * 1e-6;
        close(added(sum([2, v]), coef), added(v, 2 * coef), norm(v) * Math.abs(coef) * 2e-6);
        close(added(sum([factor, v]), coef), added(v, factor * coef), reach + 1e-12);
      }),
    );
  });

  it("adds in any order, takes away what it added, and stores without loss beyond float32", () => {
    fc.assert(
      fc.property(real, real, (a, b) => {
        close(sum([1, a], [1, b]), sum([1, b], [1, a]), 0);
        close(sum([1, sum([1, a], [1, b])], [-1, b]), a, 1e-12 * (norm(a) + norm(b)));
        close(rawOf(unitOf(a)), a, 1e-6 * norm(a));
      }),
    );
  });

  it("what is left of rounding is zero", () => {
    fc.assert(
      fc.property(real, (v) => {
        const third = rawOf(unitOf(sum([1 / 3, v])));
        const rest = sum([1, v], [-3, third]);
        expect(unitOf(rest, 2 * norm(v)).norm).toBe(0);
      }),
    );
  });

  it("orthogonalised is orthogonal to every other, to their sums, and stays as it is when done twice", () => {
    fc.assert(
      fc.property(real, fc.array(vectors, { maxLength: 4 }), (v, others) => {
        const rest = orthogonalised(v, [...others, ...others.slice(0, 1)]);
        const total = weightedSum(
          others.map((vector) => ({ factor: 1, vector })),
          DIM,
        );
        for (const other of [...others, total]) {
          // A direction that the others hold only by rounding is none of theirs.
          expect(Math.abs(dot(rest, other))).toBeLessThanOrEqual(
            1e-5 * norm(v) * Math.max(norm(other), 1e-9),
          );
        }
        expect(norm(rest)).toBeLessThanOrEqual(norm(v) * (1 + 1e-12));
        close(orthogonalised(rest, others), rest, 1e-9 * norm(v));
      }),
    );
    const others = [Float64Array.of(1, 0, 0), Float64Array.of(1, 1, 0)];
    // One after the other, without making the second orthogonal first, would leave a part of both.
    expect([...orthogonalised(Float64Array.of(1, 2, 3), others)]).toEqual([0, 0, 3]);
    expect(unitOf(orthogonalised(Float64Array.of(3, 1, 0), others), 3).norm).toBe(0);
  });

  it("averages: the mean of equals is the vector, of opposites zero", () => {
    fc.assert(
      fc.property(real, fc.integer({ min: 1, max: 5 }), (v, count) => {
        close(average(new Array(count).fill(v)), v, 1e-12 * norm(v));
        expect(norm(average([v, scaled(v, -1)]))).toBe(0);
      }),
    );
  });

  it("a vector of unit length keeps its very values", () => {
    const unit = unitOf(Float64Array.of(3, 4, 12)).vector;
    expect(unitOf(unit)).toEqual({ vector: unit, norm: 1 });
  });
});
