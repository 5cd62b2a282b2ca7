import { describe, expect, it } from "vitest";
import { type SteeringFile, steeringFileSchema } from "./results.ts";
import { choiceOf, isSignificant, settingsOf, verdictsOf } from "./steering-view.ts";

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

  it("are significant where the interval excludes 0 and the delta leaves the band, never without both", () => {
    const [setting] = settingsOf(file);
    if (!setting) throw new Error("no setting");
    expect(isSignificant(setting)).toBe(true);
    expect(isSignificant({ ...setting, deltaCi: [-1, 31] })).toBe(false);
    expect(isSignificant({ ...setting, delta: 8.5 })).toBe(false);
    // Outside the band, but on the side of no change.
    const faint = { ...setting, delta: 3, deltaCi: [2, 4] as [number, number] };
    const band = { layer: 2, coef_ratio: 0.5, coef: 4, low: 5, high: 9, n: 3 };
    expect(isSignificant({ ...faint, band })).toBe(false);
    expect(verdictsOf({ ...faint, band })[1]).toEqual({ ok: false, text: "weaker than random vectors" });
    expect(isSignificant({ ...setting, band: null })).toBeNull();
    // Sure, and outside a band that lies above it, but nothing that anybody would see.
    const tiny = { ...setting, delta: -0.04, deltaCi: [-0.06, -0.02] as [number, number], band };
    expect(isSignificant(tiny)).toBe(false);
  });
});

describe("the choice of the best setting", () => {
  const at = (method: string, layer: number, ratio: number, delta: number | null, coherence: number) => ({
    config: { vectors: [{ ...vector, method, layer }] },
    coef: ratio * 8,
    coef_ratio: ratio,
    result: {
      trait_mean: 50,
      trait_ci: null,
      coherence_mean: coherence,
      delta,
      delta_ci: null,
      n: 1,
      n_questions: 1,
    },
    samples: `responses/${method}_layer${layer}_ratio${ratio}.json`,
  });

  it("tells rule, counts, runner-up and what was tried at each place", () => {
    const choice = choiceOf({
      ...file,
      runs: [
        at("mean_diff", 2, 0.7, 12, 90),
        at("mean_diff", 2, 0.9, 40, 30),
        at("mean_diff", 3, 0.7, 25, 80),
        at("probe", 3, 0.7, 31, 71),
      ],
      searched: [{ method: "mean_diff", layer: 2, ratios: [0.7, 0.9] }],
    });
    expect(choice).toMatchObject({
      settings: 4,
      judged: 4,
      coherent: 3,
      chosen: { method: "probe", layer: 3, delta: 31 },
      runnerUp: { method: "mean_diff", layer: 3, delta: 25 },
    });
    expect(choice.places.map(({ best, ...place }) => ({ ...place, best: best?.delta }))).toEqual([
      { method: "mean_diff", layer: 2, tried: 2, coherent: 1, best: 12, searched: [0.7, 0.9] },
      { method: "mean_diff", layer: 3, tried: 1, coherent: 1, best: 25, searched: null },
      { method: "probe", layer: 3, tried: 1, coherent: 1, best: 31, searched: null },
    ]);
  });

  it("calls none the best where none is coherent", () => {
    const choice = choiceOf({ ...file, runs: [at("probe", 3, 1, 30, 20), at("probe", 3, 2, 60, 10)] });
    expect(choice).toMatchObject({ coherent: 0, chosen: { delta: 30 }, places: [{ best: null }] });
    expect(choice.rule).toMatch(/none is called the best/);
    expect(choiceOf({ ...file, runs: [at("probe", 3, 1, null, 20)] }).chosen).toBeNull();
  });
});
