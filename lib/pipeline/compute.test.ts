import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layerOf, meanNorms, readTable, rowsOf, tableOf, writeTable } from "./activations.ts";
import { parseConfig, resolveConfig } from "./config.ts";
import { bestVector, mergeRows } from "./evaluation-rows.ts";
import { parseJournal } from "./journal.ts";
import { withoutSecrets } from "./manifest.ts";
import { parseResponses } from "./responses.ts";
import type { EvaluationRow, SteeringRun } from "./results.ts";
import { validationPairs } from "./split.ts";
import { parseStages } from "./stages.ts";
import { bestRun } from "./steer-best.ts";
import { deltaOf, type ScoredAnswer, settingScores } from "./steer-scores.ts";
import { adaptive, nextRatio, randomVectors } from "./steer-settings.ts";
import { summarise, type Vetted, vettingFile } from "./vetting.ts";

describe("stage lists", () => {
  it("take names, numbers and the two labels", () => {
    expect(parseStages("2,0,1")).toEqual(["vet-scenarios", "generate", "vet-responses"]);
    expect(parseStages("0.5,1.5,steer")).toEqual(["vet-scenarios", "vet-responses", "steer"]);
    expect(() => parseStages("7")).toThrow(/stage "7" is not known: write vet-scenarios \(0\)/);
    expect(() => parseStages(" ,")).toThrow(/no stage is named/);
  });
});

describe("configuration", () => {
  const file = { extraction_model: "m" };

  it("fills what the file and the run leave open", () => {
    const chat = resolveConfig(file);
    expect(chat).toMatchObject({
      application_model: "m",
      max_new_tokens: 150,
      judge_model: "demo",
      position: "response[:]",
    });
    const base = resolveConfig(
      { ...file, base_model: true, own_note: 1 },
      { judge: "https://judge.example/v1", seed: 7 },
    );
    expect(base).toMatchObject({
      max_new_tokens: 16,
      steering_max_new_tokens: 48,
      judge_model: "gpt-4.1-mini",
      seed: 7,
      own_note: 1,
    });
    expect(resolveConfig(file, { prefill_only: true, token_position: "mean" }).position).toBe("prompt[:]");
    expect(resolveConfig({ ...file, seed: 3 }, { seed: undefined }).seed).toBe(3);
  });

  it("has a device of the judge's own, which an endpoint has not", () => {
    expect(resolveConfig(file).judge_device).toBe("cpu");
    const lent = { ...file, judge_device: "browser-wasm" as const };
    expect(resolveConfig(lent, { device: "browser" })).toMatchObject({
      device: "browser",
      judge_device: "browser-wasm",
    });
    expect(resolveConfig(lent, { judge: "https://judge.example/v1" }).judge_device).toBe("cpu");
    expect(() => resolveConfig({ ...file, judge: "https://judge.example/v1" }, lent)).toThrow(
      /judge_device browser-wasm is for judge builtin/,
    );
    expect(() => resolveConfig(lent, { device: "browser-webgpu" })).toThrow(/a tab lends one device/);
  });

  it.each([
    [{}, /no extraction model/],
    [{ ...file, position: "reply[:]" }, /position "reply\[:\]" is not known/],
    [{ ...file, methods: ["magic"] }, /extraction method "magic" is not known/],
    [{ ...file, pos_threshold: 30 }, /neg_threshold 40 is above pos_threshold 30/],
    [{ ...file, samples: 3 }, /set a temperature above 0/],
  ])("refuses %j", (config, message) => {
    expect(() => resolveConfig(config)).toThrow(message);
  });

  it("names file and field of what is wrong in config.json", () => {
    expect(() => parseConfig('{"seed": "x"}', "experiments/e/config.json")).toThrow(
      /^experiments\/e\/config\.json: seed:/,
    );
    expect(() => parseConfig("{", "c.json")).toThrow(/^c\.json/);
  });

  it("shows no secret in the manifest", () => {
    const config = {
      judge: "https://user:pw@judge.example/v1?key=x",
      api_key: "k",
      token_position: "last" as const,
      note: "n",
    };
    expect(withoutSecrets(config)).toEqual({
      judge: "https://judge.example/v1",
      token_position: "last",
      note: "n",
    });
  });
});

describe("vetting", () => {
  const judged = (polarity: "positive" | "negative", idx: number, score: number | null) => ({
    idx,
    polarity,
    text: `${polarity} ${idx}`,
    judgement: { score, truncated: false },
  });
  const input = {
    experiment: "e",
    trait: "c/t",
    definition: "d",
    thresholds: { pos_threshold: 60, neg_threshold: 40 },
    judge: { model: "j" },
    kind: "response" as const,
    judged: [
      judged("positive", 0, 90),
      judged("positive", 1, 50),
      judged("negative", 0, 10),
      judged("negative", 1, null),
    ],
    labels: [],
    previous: null,
  };

  it("counts verdicts, and an error as neither", () => {
    const file = vettingFile(input);
    expect(file.summary).toEqual({
      positive_passed: 1,
      positive_failed: 1,
      negative_passed: 1,
      negative_failed: 0,
      errors: 1,
      pass_rate: 2 / 3,
      positive_mean: 70,
      negative_mean: 10,
      contrast: 60,
    });
    expect(file.failed_indices).toEqual({ positive: [1], negative: [] });
  });

  it("keeps a person's verdict only while the text is the same", () => {
    const previous = vettingFile(input);
    previous.results = previous.results.map((result): Vetted => ({ ...result, human_verdict: "pass" }));
    const edited = input.judged.map((item) => (item.idx === 1 ? { ...item, text: "edited" } : item));
    const again = vettingFile({ ...input, judged: edited, previous });
    expect(again.results.map(({ human_verdict }) => human_verdict)).toEqual([
      "pass",
      undefined,
      "pass",
      undefined,
    ]);
    expect(summarise(previous.results).summary).toMatchObject({
      positive_passed: 2,
      negative_passed: 2,
      errors: 0,
    });
  });
});

describe("validation split", () => {
  it("holds out the share of used pairs, depends on the seed, and moves at most one other pair", () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 80 }), fc.nat(1000), fc.nat(), (pairs, seed, which) => {
        const all = new Set(Array.from({ length: pairs }, (_, at) => at));
        const held = validationPairs(pairs, all, 0.2, seed);
        expect(held.size).toBe(Math.round(pairs * 0.2));
        const fewer = new Set(all);
        fewer.delete(which % pairs);
        const moved = [...validationPairs(pairs, fewer, 0.2, seed)].filter((index) => !held.has(index));
        expect(moved.length).toBeLessThanOrEqual(1);
      }),
    );
    const all = new Set(Array.from({ length: 100 }, (_, at) => at));
    expect(validationPairs(100, all, 0.2, 1)).not.toEqual(validationPairs(100, all, 0.2, 2));
    expect(validationPairs(100, all, 0, 1).size).toBe(0);
  });
});

describe("activation tables", () => {
  const rows = [
    { key: "a", label: 1 as const, index: 3, values: Float32Array.of(3, 4, 0, 1) },
    { key: "b", label: 0 as const, index: 3, values: Float32Array.of(0, 0, 6, 8) },
  ];

  it("round-trip with their keys, give layers and mean norms", () => {
    const table = readTable(writeTable(tableOf(rows, 2, 2)), "t");
    expect(rowsOf(table)).toEqual(rows);
    expect([...layerOf(table, 1).values]).toEqual([0, 1, 6, 8]);
    expect(meanNorms(table)).toEqual([2.5, 5.5]);
    expect(readTable(writeTable(tableOf([], 2, 2)), "t").labels).toHaveLength(0);
  });
});

describe("evaluation rows", () => {
  const row = (
    trait: string,
    method: string,
    layer: number,
    combined_score: number | null,
  ): EvaluationRow => ({
    trait,
    method,
    layer,
    component: "residual",
    position: "response[:]",
    val_accuracy: 1,
    val_accuracy_ci: null,
    val_auroc: 1,
    val_auroc_ci: null,
    val_effect_size: 1,
    polarity_correct: true,
    combined_score,
    n_val_pos: 2,
    n_val_neg: 2,
  });

  it("replace their own and keep others', and the best is never random", () => {
    const older = [row("c/a", "probe", 0, 0.1), row("c/b", "probe", 0, 0.2)];
    const fresh = [row("c/b", "random", 1, 1), row("c/b", "probe", 1, 0.5), row("c/b", "pca", 0, 0.5)];
    const place = { trait: "c/b", position: "response[:]", component: "residual" };
    const merged = mergeRows(older, place, fresh);
    expect(merged.map(({ trait, method, layer }) => `${trait} ${method} ${layer}`)).toEqual([
      "c/a probe 0",
      "c/b pca 0",
      "c/b probe 1",
      "c/b random 1",
    ]);
    expect(mergeRows(merged, place, []).map(({ trait }) => trait)).toEqual(["c/a"]);
    expect(bestVector(merged, place)).toMatchObject({ method: "pca", layer: 0 });
    expect(bestVector([row("c/b", "probe", 0, null)], place)).toBeNull();
  });
});

describe("steering results", () => {
  const answer = (question: number, trait: number | null, coherence: number | null = 80): ScoredAnswer => ({
    question,
    sample: 0,
    answer: "x",
    trait,
    coherence,
    finish: "eos",
  });

  it("pair by question and leave unscored answers out", () => {
    const baseline = [answer(0, 10), answer(1, 20), answer(2, 30)];
    const steered = [answer(0, 40), answer(1, null), answer(2, 70)];
    expect(deltaOf(steered, baseline, 1, "x")).toMatchObject({ delta: 35, questions: 2 });
    expect(deltaOf(baseline, baseline, 1, "x")).toEqual({ delta: 0, delta_ci: [0, 0], questions: 3 });
    expect(deltaOf([answer(0, null)], baseline, 1, "x")).toBeNull();
    expect(settingScores(steered, 1, "x")).toMatchObject({ trait_mean: 55, coherence_mean: 80, n: 2 });
  });

  const run = (delta: number | null, coherence: number | null, n_questions = 4): SteeringRun => ({
    config: {
      vectors: [{ layer: 1, component: "residual", position: "response[:]", method: "probe", weight: 1 }],
    },
    coef: 1,
    coef_ratio: 0.5,
    result: {
      trait_mean: 1,
      trait_ci: null,
      coherence_mean: coherence,
      delta,
      delta_ci: [0, 1],
      n: 4,
      n_questions,
    },
    samples: "responses/x.json",
  });

  it("pick the largest delta among coherent runs with enough answers, else the most coherent run", () => {
    expect(bestRun([run(50, 69.9), run(20, 70), run(30, 75), run(90, 90, 1)], 4)).toMatchObject({
      delta: 30,
      coherent: true,
    });
    expect(bestRun([run(50, 20), run(-5, 60)], 4)).toMatchObject({ delta: -5, coherent: false });
    expect(bestRun([run(null, null)], 4)).toBeNull();
    const halfJudged = run(50, 90);
    halfJudged.result.judged_share = 0.5;
    expect(bestRun([halfJudged, run(20, 75)], 4)).toMatchObject({ delta: 20 });
  });

  it("search goes up while coherent and back when not, smoothed", () => {
    const up = nextRatio({ ratio: adaptive.start, velocity: 1 }, 77);
    expect(up).toEqual({ ratio: 0.889, velocity: 0.1 + 0.9 * 1.3 });
    const down = nextRatio(up, null);
    expect(down.velocity).toBeCloseTo(0.1 * 1.27 + 0.9 * 0.85, 12);
    expect(down.ratio).toBe(0.793);
  });

  it("random vectors are unit, seeded and different", async () => {
    const [a, b] = await randomVectors(2, 3, 64, 42);
    const [again] = await randomVectors(1, 3, 64, 42);
    const [other] = await randomVectors(1, 4, 64, 42);
    expect(Math.hypot(...(a?.vector ?? []))).toBeCloseTo(1, 6);
    expect(again?.hash).toBe(a?.hash);
    expect(new Set([a?.hash, b?.hash, other?.hash]).size).toBe(3);
  });
});

describe("files from elsewhere", () => {
  it("responses take either pair of names, and say what is missing", () => {
    expect(
      parseResponses('[{"prompt": "p", "response": "r"}, {"question": "q", "answer": "a", "index": 5}]', "f"),
    ).toMatchObject([
      { index: 0, question: "p", answer: "r" },
      { index: 5, question: "q", answer: "a" },
    ]);
    expect(() => parseResponses('[{"prompt": "p"}]', "pos.json")).toThrow(
      /^pos\.json: \[0\]: needs "question" and "answer"/,
    );
  });

  it("a journal's unreadable lines are passed over", () => {
    const judgement = {
      score: 50,
      method: "logprobs",
      truncated: false,
      promptVersion: "p",
      model: "m",
      usage: null,
      costUsd: null,
      cached: false,
    };
    const text = `${JSON.stringify({ key: "a", judgement })}\n{"key": "b"}\nnot json\n{"key":"c","judg`;
    expect([...parseJournal(text).keys()]).toEqual(["a"]);
  });
});
