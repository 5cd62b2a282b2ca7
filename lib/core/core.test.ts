import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError, errorCodes } from "./errors.ts";
import { canonicalJson, contentHash, sha256 } from "./hash.ts";
import { parseLayers } from "./layers.ts";
import { isName, parseTraitId, parseTraitList } from "./names.ts";
import { createRng, gaussian, shuffled } from "./rng.ts";
import { verdictOf } from "./thresholds.ts";

describe("errors", () => {
  it("survive a JSON round trip", () => {
    fc.assert(
      fc.property(fc.constantFrom(...errorCodes), fc.string(), fc.boolean(), (code, message, retryable) => {
        const error = new AppError(code, message, { retryable, details: { node: "x" } });
        expect(AppError.fromJSON(JSON.parse(JSON.stringify(error))).toJSON()).toEqual(error.toJSON());
      }),
    );
  });

  it("hide an unknown error's text from the user and keep it for the log", () => {
    const error = AppError.from(new Error("secret path"));
    expect(error.code).toBe("internal");
    expect(error.userMessage).not.toContain("secret");
    expect(error.message).toBe("secret path");
  });
});

describe("names", () => {
  it.each(["..", "a/b", "", "A", "-a", "con", "nul", "a\0", "a".repeat(65), "a.b"])("refuses %j", (name) => {
    expect(isName(name)).toBe(false);
  });

  it("reads trait lists without repeats", () => {
    expect(parseTraitList("a/b, c/d,a/b")).toEqual([
      { category: "a", trait: "b" },
      { category: "c", trait: "d" },
    ]);
    expect(() => parseTraitId("../x")).toThrow(/category\/trait/);
  });
});

describe("layers", () => {
  it.each([
    ["all", 4, [0, 1, 2, 3]],
    ["2,0,2", 4, [0, 2]],
    ["1-3", 4, [1, 2, 3]],
    ["30%-60%", 10, [3, 4, 5, 6]],
    ["30%-60%", 6, [1, 2, 3, 4]],
    ["0%-100%", 3, [0, 1, 2]],
  ])("%s of %i", (text, count, expected) => {
    expect(parseLayers(text, count)).toEqual(expected);
  });

  it.each(["4", "3-1", "x", "", "60%-30%"])("refuses %j for 4 layers", (text) => {
    expect(() => parseLayers(text, 4)).toThrow(/do not fit a model of 4 layers/);
  });
});

describe("verdicts", () => {
  const thresholds = { pos_threshold: 60, neg_threshold: 40 };
  it("passes at the threshold, calls the middle ambiguous and a missing score an error", () => {
    expect(verdictOf(60, "positive", thresholds)).toBe("pass");
    expect(verdictOf(40, "negative", thresholds)).toBe("pass");
    expect(verdictOf(50, "positive", thresholds)).toBe("ambiguous");
    expect(verdictOf(40, "positive", thresholds)).toBe("fail");
    expect(verdictOf(60, "negative", thresholds)).toBe("fail");
    expect(verdictOf(null, "positive", thresholds)).toBe("error");
  });
});

describe("randomness", () => {
  it("repeats with the seed and differs between seeds", () => {
    const draw = (seed: number) => Array.from({ length: 5 }, createRng(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("has the moments of uniform and normal numbers", () => {
    const rng = createRng(1);
    const normals = Array.from({ length: 20_000 }, () => gaussian(rng));
    const mean = normals.reduce((sum, x) => sum + x, 0) / normals.length;
    const variance = normals.reduce((sum, x) => sum + (x - mean) ** 2, 0) / normals.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.04);
  });

  it("shuffles without losing anything", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
        expect(shuffled(items, createRng(seed)).sort()).toEqual([...items].sort());
      }),
    );
  });
});

describe("content hash", () => {
  it("ignores key order and missing members, and matches a known digest", async () => {
    expect(canonicalJson({ b: [1, { d: 2, c: 3 }], a: undefined })).toBe('{"b":[1,{"c":3,"d":2}]}');
    expect(await contentHash({ a: 1, b: 2 })).toBe(await contentHash({ b: 2, a: 1 }));
    expect(await sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});
