import { describe, expect, it } from "vitest";
import { attentionMask, padRight, promptPositions } from "./padding.ts";

describe("right padding", () => {
  it("pads ids after each row's tokens", () => {
    expect([...padRight([[5, 6, 7], [8], []], 3, 9)]).toEqual([5, 6, 7, 8, 9, 9, 9, 9, 9]);
  });

  it("masks the padding and sees every generated token: 1 1 1 0 0 1", () => {
    expect([...attentionMask([3], 5, 1)]).toEqual([1, 1, 1, 0, 0, 1]);
    expect([...attentionMask([2, 1], 2)]).toEqual([1, 1, 1, 0]);
    expect([...attentionMask([2, 1], 2, 2)]).toEqual([1, 1, 1, 1, 1, 0, 1, 1]);
  });

  it("counts positions as the mask's cumulative sum less one", () => {
    expect([...promptPositions([4, 2, 1], 4)]).toEqual([0, 1, 2, 3, 0, 1, 1, 1, 0, 0, 0, 0]);
  });
});
