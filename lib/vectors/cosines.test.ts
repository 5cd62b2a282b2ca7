import fc from "fast-check";
import { expect, it } from "vitest";
import { cosineMatrix } from "./cosines.ts";

// Vectors are float32: no value is so small that its square is lost in float64.
const number = fc.float({ min: -1e3, max: 1e3, noNaN: true });
const vectors = fc
  .integer({ min: 1, max: 6 })
  .chain((dim) =>
    fc.array(fc.array(number, { minLength: dim, maxLength: dim }), { minLength: 1, maxLength: 6 }),
  );
const isZero = (vector: readonly number[] | undefined) => cosineMatrix([vector ?? []])[0]?.[0] === null;

it("is symmetric, 1 on the diagonal and between −1 and 1; a zero vector has no cosine", () => {
  fc.assert(
    fc.property(vectors, (all) => {
      const matrix = cosineMatrix(all);
      matrix.forEach((row, a) => {
        expect(row).toHaveLength(all.length);
        row.forEach((value, b) => {
          expect(value).toBe(matrix[b]?.[a]);
          const none = isZero(all[a]) || isZero(all[b]);
          expect(value === null).toBe(none);
          if (!none && a === b) expect(value).toBe(1);
          if (!none) expect(Math.abs(value ?? 2)).toBeLessThanOrEqual(1);
        });
      });
    }),
  );
});

it("does not hear of lengths, and turns its sign with one of the two", () => {
  fc.assert(
    fc.property(vectors, fc.double({ min: 0.01, max: 100, noNaN: true }), (all, factor) => {
      const [first = []] = all;
      const before = cosineMatrix([first, ...all])[0] ?? [];
      const longer = cosineMatrix([first.map((value) => value * factor), ...all])[0] ?? [];
      const mirrored = cosineMatrix([first.map((value) => -value), ...all])[0] ?? [];
      before.slice(1).forEach((value, at) => {
        if (value === null || longer[at + 1] === null) return;
        expect(longer[at + 1]).toBeCloseTo(value, 9);
        expect(mirrored[at + 1]).toBeCloseTo(-value, 9);
      });
    }),
  );
});

it("is what a hand computes", () => {
  expect(
    cosineMatrix([
      [3, 4],
      [4, 3],
      [-6, -8],
      [0, 0],
    ])[0],
  ).toEqual([1, expect.closeTo(24 / 25, 12), expect.closeTo(-1, 12), null]);
});
