import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatRecipe, parseSum } from "./recipe.ts";

describe("a sum of vectors", () => {
  it("is read with its signs and factors", () => {
    expect(parseSum("mean_diff - 0.5*probe")).toEqual([
      { factor: 1, name: "mean_diff" },
      { factor: -0.5, name: "probe" },
    ]);
    expect(parseSum("-a/b/my-own + probe * 2")).toEqual([
      { factor: -1, name: "a/b/my-own" },
      { factor: 2, name: "probe" },
    ]);
  });

  it("is written as it is read", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}(\/[a-z][a-z0-9_-]{0,8}){0,3}$/);
    const factor = fc.double({ min: 0.001, max: 1000, noNaN: true });
    const term = fc.record({ factor: fc.tuple(factor, fc.constantFrom(1, -1)).map(([f, s]) => f * s), name });
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 5 }), (terms) => {
        expect(parseSum(formatRecipe({ terms, orthogonalTo: [], averageLayers: null }))).toEqual(terms);
      }),
    );
  });

  it.each([
    ["", "there is no vector in it"],
    ["mean_diff -", "nothing stands after the last sign"],
    ["mean_diff probe", 'no + or - stands before "probe"'],
    ["+ mean_diff", "nothing stands before +"],
    ["a + - b", "nothing stands before -"],
    ["0.5", '"0.5" is no vector'],
    ["x*probe", '"x*probe" is no vector'],
    ["2*3*probe", '"2*3*probe" is no vector'],
  ])("%j is refused", (text, problem) => {
    expect(() => parseSum(text)).toThrow(problem);
  });
});
