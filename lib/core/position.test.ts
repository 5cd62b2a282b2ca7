import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPosition, parsePosition, positionPath, resolvePosition } from "./position.ts";

describe("positions", () => {
  it.each([
    ["response[:]", { start: 4, end: 10 }],
    ["response[:5]", { start: 4, end: 9 }],
    ["response[-1]", { start: 9, end: 10 }],
    ["prompt[-1]", { start: 3, end: 4 }],
    ["prompt[-3:]", { start: 1, end: 4 }],
    ["all[:]", { start: 0, end: 10 }],
    ["response[2:99]", { start: 6, end: 10 }],
    ["response[7]", null],
    ["response[3:2]", null],
    ["prompt[-5]", null],
  ])("%s over 4 prompt and 6 response tokens", (text, expected) => {
    expect(resolvePosition(parsePosition(text), 4, 6)).toEqual(expected);
  });

  it.each([
    ["response[:]", "response_all"],
    ["response[:5]", "response__5"],
    ["prompt[-1]", "prompt_-1"],
    ["prompt[-3:]", "prompt_-3_"],
    ["all[:]", "all_all"],
  ])("%s lies in folder %s", (text, folder) => {
    expect(positionPath(parsePosition(text))).toBe(folder);
  });

  it.each(["", "response", "reply[:]", "response[::2]", "response[a]", "response[]", "response[:]x"])(
    "refuses %j and says what is allowed",
    (text) => {
      expect(() => parsePosition(text)).toThrow(/write prompt, response or all/);
    },
  );

  it("agrees with Array.prototype.slice and round-trips its text", () => {
    const bound = fc.option(fc.integer({ min: -12, max: 12 }));
    fc.assert(
      fc.property(bound, bound, fc.nat(8), fc.nat(8), (start, stop, prompt, response) => {
        const position = { frame: "response" as const, slice: { start, stop } };
        expect(parsePosition(formatPosition(position))).toEqual(position);
        const tokens = Array.from({ length: response }, (_, at) => prompt + at);
        const expected = tokens.slice(start ?? undefined, stop ?? undefined);
        const found = resolvePosition(position, prompt, response);
        expect(found ? tokens.slice(found.start - prompt, found.end - prompt) : []).toEqual(expected);
      }),
    );
  });
});
