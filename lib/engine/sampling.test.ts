import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "#lib/core/rng.ts";
import { argmax, sampleToken } from "./sampling.ts";

// Steps of 1/64: differences that float64 exponentials tell apart, and many exact ties.
const logitsArbitrary = fc
  .array(fc.integer({ min: -2560, max: 2560 }), { minLength: 1, maxLength: 300 })
  .map((values) => Float32Array.from(values, (value) => value / 64));

/** Softmax at a temperature, float64. */
function probabilities(logits: Float32Array, temperature: number): number[] {
  const max = Math.max(...logits);
  const weights = Array.from(logits, (logit) => Math.exp((logit - max) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** The nucleus by its definition: sort everything, take tokens until their probability reaches topP. */
function nucleus(logits: Float32Array, temperature: number, topP: number): Set<number> {
  const probability = probabilities(logits, temperature);
  const order = probability.map((_, id) => id);
  order.sort((a, b) => (probability[b] ?? 0) - (probability[a] ?? 0) || a - b);
  const kept = new Set<number>();
  let mass = 0;
  for (const id of order) {
    if (mass >= topP) break;
    kept.add(id);
    mass += probability[id] ?? 0;
  }
  return kept;
}

describe("argmax", () => {
  it("takes the lowest id among equals", () => {
    expect(argmax(Float32Array.of(1, 3, 3, 2))).toBe(1);
  });

  it("passes over what is no number, and says so when nothing is one", () => {
    expect(argmax(Float32Array.of(Number.NaN, -5, Number.NaN))).toBe(1);
    expect(argmax(Float32Array.of(Number.NaN, Number.NaN))).toBe(-1);
    expect(argmax(Float32Array.of(Number.NaN, Number.NEGATIVE_INFINITY))).toBe(1);
  });
});

describe("sampling", () => {
  it("temperature 0 is greedy", () => {
    fc.assert(
      fc.property(logitsArbitrary, fc.double({ min: 0.01, max: 1, noNaN: true }), (logits, topP) => {
        expect(sampleToken(logits, { temperature: 0, topP }, createRng(1))).toBe(argmax(logits));
      }),
    );
  });

  it("a tiny nucleus is greedy at any temperature", () => {
    fc.assert(
      fc.property(logitsArbitrary, fc.integer(), (logits, seed) => {
        expect(sampleToken(logits, { temperature: 3, topP: 1e-9 }, createRng(seed))).toBe(argmax(logits));
      }),
    );
  });

  it("draws only from the nucleus that sorting the whole vocabulary gives", () => {
    fc.assert(
      fc.property(
        logitsArbitrary,
        fc.double({ min: 0.2, max: 3, noNaN: true }),
        fc.double({ min: 0.05, max: 0.98, noNaN: true }),
        fc.integer(),
        (logits, temperature, topP, seed) => {
          // A hair wider than asked: float rounding may put the boundary token on either side.
          const allowed = nucleus(logits, temperature, topP + 1e-9);
          const rng = createRng(seed);
          for (let draw = 0; draw < 20; draw++) {
            expect(allowed.has(sampleToken(logits, { temperature, topP }, rng))).toBe(true);
          }
        },
      ),
    );
  });

  it("draws each token of the nucleus as often as its probability says", () => {
    const logits = Float32Array.from({ length: 40 }, (_, id) => Math.sin(id * 1.7) * 3);
    for (const { temperature, topP } of [
      { temperature: 1, topP: 1 },
      { temperature: 0.7, topP: 0.9 },
      { temperature: 1.5, topP: 0.5 },
    ]) {
      const kept = nucleus(logits, temperature, topP);
      const probability = probabilities(logits, temperature).map((p, id) => (kept.has(id) ? p : 0));
      const mass = probability.reduce((sum, p) => sum + p, 0);
      const draws = 10_000;
      const counts = new Array<number>(logits.length).fill(0);
      const rng = createRng(7);
      for (let draw = 0; draw < draws; draw++) {
        const token = sampleToken(logits, { temperature, topP }, rng);
        counts[token] = (counts[token] ?? 0) + 1;
      }
      probability.forEach((p, id) => {
        const expected = (p / mass) * draws;
        // Five standard deviations of a binomial count.
        expect(Math.abs((counts[id] ?? 0) - expected)).toBeLessThanOrEqual(
          5 * Math.sqrt(expected * (1 - p / mass)) + 1e-9,
        );
      });
    }
  });

  it("is the same for the same seed and differs between seeds", () => {
    const logits = new Float32Array(1000);
    const draws = (seed: number) => {
      const rng = createRng(seed);
      return Array.from({ length: 8 }, () => sampleToken(logits, { temperature: 1, topP: 1 }, rng));
    };
    expect(draws(3)).toEqual(draws(3));
    expect(draws(3)).not.toEqual(draws(4));
  });

  it("survives logits that are infinite or no numbers", () => {
    const rng = createRng(1);
    const sampling = { temperature: 1, topP: 0.9 };
    expect(sampleToken(Float32Array.of(Number.NaN, Number.NaN), sampling, rng)).toBe(-1);
    expect(sampleToken(Float32Array.of(0, Number.POSITIVE_INFINITY, 1), sampling, rng)).toBe(1);
    for (let draw = 0; draw < 50; draw++) {
      const token = sampleToken(Float32Array.of(0, Number.NaN, Number.NEGATIVE_INFINITY, 0), sampling, rng);
      expect([0, 3]).toContain(token);
    }
  });
});
