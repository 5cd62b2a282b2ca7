import { describe, expect, it } from "vitest";
import { type SteeringFile, steeringFileSchema } from "#lib/pipeline/results.ts";
import { settingsOf, verdictsOf } from "./settings.ts";

const vector = { layer: 2, component: "residual", position: "response[:]", method: "mean_diff", weight: 1 };
const file: SteeringFile = steeringFileSchema.parse({
  trait: "demo/optimism",
  application_model: "demo",
  position: "response[:]",
  questions: ["What about the cider press?"],
  baseline: { trait_mean: 50, trait_ci: [45, 55], coherence_mean: 90, n: 20 },
  random_band: [{ layer: 2, coef_ratio: 0.5, coef: 4, low: -8, high: 9, n: 3 }],
  runs: [
    {
      config: { vectors: [vector] },
      coef: 4,
      coef_ratio: 0.5000000001,
      result: {
        trait_mean: 75,
        trait_ci: [70, 80],
        coherence_mean: 60,
        delta: 25,
        delta_ci: [18, 31],
        n: 20,
      },
      samples: "responses/a.json",
    },
  ],
  best: null,
});

describe("steered settings", () => {
  it("find their random band and say what may be claimed", () => {
    const [setting] = settingsOf(file);
    expect(setting?.band?.high).toBe(9);
    expect(setting && verdictsOf(setting)).toEqual([
      { ok: true, text: "95 % CI excludes no change" },
      { ok: true, text: "outside the random band" },
      { ok: false, text: "coherence below 70" },
    ]);
  });

  it("claim nothing without a delta", () => {
    const [setting] = settingsOf(file);
    expect(setting && verdictsOf({ ...setting, delta: null })).toEqual([]);
  });
});
