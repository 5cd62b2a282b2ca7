import { expect, test } from "vitest";
import { binsOf } from "./bins.ts";

test("each value falls into one bin, the ends included", () => {
  const bins = binsOf([0, 4.9, 5, 59.9, 60, 97, 100], 0, 100, 20);
  expect(bins).toHaveLength(20);
  expect(bins.filter(({ count }) => count > 0)).toEqual([
    { from: 0, to: 5, count: 2 },
    { from: 5, to: 10, count: 1 },
    { from: 55, to: 60, count: 1 },
    { from: 60, to: 65, count: 1 },
    { from: 95, to: 100, count: 2 },
  ]);
});

test("no values are empty bins", () => {
  expect(binsOf([], 0, 100, 4).map(({ count }) => count)).toEqual([0, 0, 0, 0]);
});
