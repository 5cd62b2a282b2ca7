import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { topLogprobs } from "./logprobs.ts";

describe("topLogprobs", () => {
  it("agrees with a sorted log-softmax, most likely first, ties by lower id", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -60, max: 60 }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 25 }),
        (values, count) => {
          const max = Math.max(...values);
          const total = values.reduce((sum, value) => sum + Math.exp(value - max), 0);
          const expected = values
            .map((value, id) => ({ id, logprob: value - max - Math.log(total) }))
            .sort((a, b) => b.logprob - a.logprob || a.id - b.id)
            .slice(0, count);
          const found = topLogprobs(Float32Array.from(values), count);
          expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
          found.forEach(({ logprob }, at) => {
            expect(logprob).toBeCloseTo(expected[at]?.logprob ?? Number.NaN, 10);
          });
        },
      ),
    );
  });

  it("gives probabilities that sum to 1 over the whole vocabulary", () => {
    const logits = Float32Array.from({ length: 50 }, (_, id) => Math.cos(id) * 20 + 500);
    const sum = topLogprobs(logits, 50).reduce((total, { logprob }) => total + Math.exp(logprob), 0);
    expect(sum).toBeCloseTo(1, 12);
  });

  it("leaves out what is no number", () => {
    expect(topLogprobs(Float32Array.of(Number.NaN, 0, Number.NaN), 3)).toEqual([{ id: 1, logprob: 0 }]);
    expect(topLogprobs(Float32Array.of(Number.NaN), 3)).toEqual([]);
  });
});
