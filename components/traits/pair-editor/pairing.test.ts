import { describe, expect, it } from "vitest";
import { pairingFindings } from "./pairing.ts";

describe("blank lines on one side", () => {
  it.each([
    [["a", "", "c"], ["x", "y", "z"], [["positive", 2]]],
    [["a", "b", "c"], ["x", "  ", "z"], [["negative", 2]]],
    [["a", "", "c"], ["x", "", "z"], []],
    [["a", "b", "c"], ["x"], []],
    [["a", "b", ""], ["x", "y"], []],
    [[""], [""], []],
    [["", "a"], ["x", ""], [["positive", 1]]],
    [["", "a"], ["x", "y"], [["positive", 1]]],
  ] as const)("%j beside %j", (positive, negative, expected) => {
    const found = pairingFindings({ positive, negative });
    expect(found.map(({ polarity, line }) => [polarity, line])).toEqual(expected);
  });
});
