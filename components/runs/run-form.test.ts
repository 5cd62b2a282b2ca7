import { describe, expect, it } from "vitest";
import type { ExperimentResponse } from "#lib/pipeline/api.ts";
import { formOf, lentBy, problemOf, requestOf } from "./run-form.ts";

const experiment: ExperimentResponse = {
  name: "sample",
  config: { extraction_model: "demo", coefs: [0.5, 1], seed: 7 },
  plan: {
    experiment: "sample",
    traits: [{ trait: "demo/optimism", pairs: 100, questions: 20, stages: [] }],
    judge_calls: { to_do: 0, cached: 0 },
    model_rows: 0,
    estimated_cost_usd: null,
    warnings: [],
  },
  runs: [],
  available_traits: ["demo/optimism"],
  devices: [],
  has_report: false,
};

describe("the run dialog's form", () => {
  it("sends nothing that was left alone", () => {
    expect(requestOf(formOf(experiment), experiment)).toEqual({
      experiment: "sample",
      traits: ["demo/optimism"],
      config: {},
    });
  });

  it("sends what was changed, in its own type", () => {
    const form = { ...formOf(experiment), coefs: "0.25, 0.5", seed: "9", stages: ["steer" as const] };
    const request = requestOf(form, experiment);
    expect(request.config).toEqual({ coefs: [0.25, 0.5], seed: 9 });
    expect(request.stages).toEqual(["steer"]);
    expect(problemOf(request)).toBeNull();
  });

  it("names the judge's device only where Tiller runs the judge", () => {
    const form = { ...formOf(experiment), judgeDevice: "browser-wasm" };
    expect(requestOf(form, experiment).config).toEqual({ judge_device: "browser-wasm" });
    expect(lentBy(form)).toBe("browser-wasm");
    expect(lentBy({ ...form, device: "browser" })).toBe("browser-wasm");
    const endpoint = { ...form, judge: "https://judge.example/v1" };
    expect(requestOf(endpoint, experiment).config).toEqual({ judge: endpoint.judge });
    expect(lentBy(endpoint)).toBeNull();
  });

  it("names the field that is wrong", () => {
    expect(problemOf(requestOf({ ...formOf(experiment), seed: "x" }, experiment))).toMatch(/^seed: /);
    expect(problemOf(requestOf({ ...formOf(experiment), traits: [] }, experiment))).toMatch(/trait/);
    expect(problemOf(requestOf({ ...formOf(experiment), coefs: "1, a" }, experiment))).toMatch(/^coefs/);
  });
});
