import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfig, resolveConfig } from "#lib/pipeline/config.ts";
import { type ModelDiff, type ModelDiffEvent, modelDiffSchema } from "#lib/pipeline/model-diff-api.ts";
import { planRun } from "#lib/pipeline/plan.ts";
import type { PipelinePorts } from "#lib/pipeline/ports.ts";
import { executeRun } from "#lib/pipeline/run.ts";
import { MemoryCache } from "#lib/testing/fake-judge.ts";
import { MemoryLedger } from "#lib/testing/fake-ports.ts";
import {
  copyDemoModel,
  flipWeights,
  plantedExperiment,
  plantResponses,
} from "#lib/testing/planted-responses.ts";
import { smallTrait } from "#lib/testing/small-home.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { evaluateLayer, extractLayer } from "#lib/vectors/layer.ts";
import { createNodeEngines } from "../engine/engines.ts";
import { createModelCatalog } from "../engine/model-catalog.ts";
import { createJudges } from "../judges.ts";
import { LendingHub } from "../lending/hub.ts";
import { createRunEngines } from "../lending/run-engines.ts";
import { FolderStore } from "../store/folder-store.ts";
import { listModelDiffs } from "./list.ts";
import { openModelDiff } from "./model-diff.ts";

// The real models, judge and numerics on planted responses; capture, extract and evaluate are the pipeline's own.

const QUESTIONS = 3;
const home = temporaryFolder("tiller-model-diff");
const own = createNodeEngines({ home, threads: 1 });
afterAll(() => own.dispose());
const folder = path.join(home, `experiments/${plantedExperiment}/extraction/${smallTrait}`);
const request = { trait: smallTrait, method: "mean_diff", layer: 2, ratio: 0.7, questions: QUESTIONS };
const never = new AbortController().signal;
let ports: PipelinePorts;

function portsOf(): PipelinePorts {
  const engines = createRunEngines(own, new LendingHub({ now: () => new Date(), randomId: () => "x" }), {
    home,
  });
  return {
    artifacts: new FolderStore(home),
    ledger: new MemoryLedger(),
    models: createModelCatalog({ home }),
    engines,
    judges: createJudges({
      engines,
      places: { home },
      keys: { keyFor: async () => "" } as never,
      cache: new MemoryCache(),
    }),
    compute: {
      extractLayer: async (job) => extractLayer(job),
      evaluateLayer: async (job) => evaluateLayer(job),
    },
    emit: () => {},
    now: () => new Date(),
    codeVersion: "test",
  };
}

async function diff(model: string, more: Partial<typeof request> = {}, events: ModelDiffEvent[] = []) {
  const opened = await openModelDiff(ports, plantedExperiment, { ...request, ...more, model }, never);
  return opened.run((event) => events.push(event));
}

/** Responses as generating writes them: with the tokens that the model read and wrote. */
async function addTokens(): Promise<void> {
  const engine = await ports.engines.load("demo", { device: "cpu", runId: "r" });
  for (const side of ["pos", "neg"]) {
    const file = path.join(folder, `responses/${side}.json`);
    const entries: { question: string; answer: string }[] = JSON.parse(readFileSync(file, "utf8"));
    const prompts = await engine.encode(
      entries.map(({ question }) => ({ messages: [{ role: "user", content: question }] })),
    );
    const answers = await engine.encodeText(entries.map(({ answer }) => answer));
    const told = entries.map((entry, at) => ({
      ...entry,
      prompt_token_ids: prompts[at],
      response_token_ids: answers[at],
    }));
    writeFileSync(file, JSON.stringify(told));
  }
}

beforeAll(async () => {
  plantResponses(home, 15, QUESTIONS);
  // Another fingerprint, the same model: nothing is taken from the first one's finished items.
  copyDemoModel(home, "twin", { "config.json": (bytes) => Buffer.concat([bytes, Buffer.from("\n")]) });
  copyDemoModel(home, "org/flipped", { "onnx/model.onnx": flipWeights });
  ports = portsOf();
  await addTokens();
  const file = `experiments/${plantedExperiment}/config.json`;
  const config = resolveConfig(parseConfig(readFileSync(path.join(home, file), "utf8"), file));
  const [category = "", trait = ""] = smallTrait.split("/");
  const spec = {
    run_id: "r",
    experiment: plantedExperiment,
    traits: [{ category, trait }],
    stages: ["capture" as const, "extract" as const, "evaluate" as const],
    config,
  };
  await executeRun(spec, await planRun(spec, ports), ports);
}, 120_000);

describe("a vector on two models", () => {
  it("has the same figures on a model and its copy, to the last digit; the first are the evaluation's", async () => {
    const events: ModelDiffEvent[] = [];
    const found = await diff("twin", {}, events);
    const { separation, steering } = found;
    expect(separation?.b).toEqual(separation?.a);
    expect(separation).toMatchObject({ tokens: "as-read", left_out: 0 });
    expect(steering?.b).toEqual(steering?.a);
    expect(steering?.a.n_questions).toBe(QUESTIONS);
    expect(steering?.difference).toMatchObject({ delta: 0, delta_ci: [0, 0], n_questions: QUESTIONS });
    for (const { a, b } of steering?.answers ?? []) expect(b).toEqual(a);
    expect(found.models.a.fingerprint).not.toBe(found.models.b.fingerprint);

    const evaluation = path.join(
      home,
      `experiments/${plantedExperiment}/extraction/extraction_evaluation.json`,
    );
    const row = (JSON.parse(readFileSync(evaluation, "utf8")).all_results as Record<string, unknown>[]).find(
      ({ method, layer }) => method === "mean_diff" && layer === 2,
    );
    const { threshold: _, ...figures } = separation?.a ?? { threshold: 0 };
    expect(row).toMatchObject(figures);
    expect(events.some((event) => "progress" in event && event.progress.model === "twin")).toBe(true);
    const file = `experiments/${plantedExperiment}/model_diff/${smallTrait}/mean_diff-layer2-twin.json`;
    expect(modelDiffSchema.parse(JSON.parse(readFileSync(path.join(home, file), "utf8")))).toEqual(found);
  });

  it("has other figures on a model of other weights, and both stand in the list beside what does not fit", async () => {
    const found = await diff("org/flipped");
    expect(found.separation?.b).not.toEqual(found.separation?.a);
    expect(found.steering?.b.base_norm).not.toBe(found.steering?.a.base_norm);
    expect(found.steering?.b.coef).toBeCloseTo(0.7 * (found.steering?.b.base_norm ?? 0), 9);
    expect(found.steering?.answers.map(({ b }) => b.baseline.answer)).not.toEqual(
      found.steering?.answers.map(({ a }) => a.baseline.answer),
    );
    const list = await listModelDiffs(
      { home, artifacts: ports.artifacts as FolderStore, models: ports.models },
      { experiment: plantedExperiment, ...request },
    );
    expect(list.others.map(({ id, why_not }) => [id, why_not])).toEqual([
      ["org/flipped", null],
      ["twin", null],
    ]);
    expect(list).toMatchObject({ model: "demo", ratio: 0.7, ratio_is_best: false });
    const names = list.stored.map(({ models }: ModelDiff) => models.b.id);
    expect(names).toContain("org/flipped");
    // Working files are gone, the activations that the vectors rest on are as they were.
    const left = await ports.artifacts.list(`experiments/${plantedExperiment}/model_diff`);
    expect(left.filter((file) => !/\.jsonl?$/.test(file))).toEqual([]);
  });

  it("reads the texts anew where the tokenizers differ, and the figures of a probe keep its own threshold", async () => {
    copyDemoModel(home, "other-tokens", {
      "tokenizer.json": (bytes) => {
        const tokenizer = JSON.parse(String(bytes));
        tokenizer.model.merges = tokenizer.model.merges.slice(0, 400);
        return Buffer.from(JSON.stringify(tokenizer));
      },
    });
    const { separation } = await diff("other-tokens", { method: "probe" });
    expect(separation).toMatchObject({ tokens: "encoded-anew", left_out: 0 });
    expect(separation?.b.threshold).toBe(separation?.a.threshold);
    expect(separation?.b.val_auroc_ci).not.toEqual(separation?.a.val_auroc_ci);
  });

  it("is compared by separation alone where the judge does not know the trait or there are no questions", async () => {
    const file = path.join(home, "datasets/traits", smallTrait, "steering.json");
    const steering = readFileSync(file);
    rmSync(file);
    const found = await diff("twin");
    writeFileSync(file, steering);
    expect(found.steering).toBeNull();
    expect(found.why_no_steering).toMatch(/steering\.json is not there/);
    expect(found.separation?.b).toEqual(found.separation?.a);

    const known = ports.judges;
    ports = {
      ...ports,
      judges: {
        open: async (wish) => {
          const opened = await known.open(wish);
          return { ...opened, transport: { ...opened.transport, traits: ["formality"] } };
        },
      },
    };
    const unjudged = await diff("twin");
    ports = { ...ports, judges: known };
    expect(unjudged).toMatchObject({
      steering: null,
      why_no_steering: expect.stringMatching(/knows only formality, not optimism/),
    });
  });

  it.each<[string, string, Partial<typeof request>, RegExp]>([
    ["the vector's own model", "demo", {}, /model demo: it is the vector's own model: choose another/],
    ["a model that is not installed", "nobody", {}, /no model "nobody".*installed: demo/],
    ["a layer without a vector", "twin", { layer: 9 }, /layer 9: there are vectors of 0, 1, 2, 3, 4 alone/],
    ["another method", "twin", { method: "magic" }, /no vectors called magic: there are mean_diff/],
    ["a narrower model", "narrow", {}, /model narrow: its width is 64, the vector's 192/],
    ["a shallower model", "flat", {}, /model flat: it has layers 0 to 1, the vector is of layer 2/],
  ])("refuses %s in one line", async (_, model, more, message) => {
    const config = (change: object) => (bytes: Buffer) =>
      Buffer.from(JSON.stringify({ ...JSON.parse(String(bytes)), ...change }));
    if (model === "narrow") copyDemoModel(home, model, { "config.json": config({ hidden_size: 64 }) });
    if (model === "flat") copyDemoModel(home, model, { "config.json": config({ num_hidden_layers: 2 }) });
    await expect(diff(model, more)).rejects.toThrow(message);
  });

  it("refuses responses that are gone or are not those that were captured, and stops when it is told", async () => {
    const file = path.join(folder, "responses/pos.json");
    const text = readFileSync(file, "utf8");
    rmSync(file);
    await expect(diff("twin")).rejects.toThrow(/pos\.json, which is not there: run generate first/);
    writeFileSync(file, text.replace(/("response_token_ids":\[)\d+,/, "$1"));
    await expect(diff("twin")).rejects.toThrow(/responses.*have changed since/);
    writeFileSync(file, text);
    const stop = new AbortController();
    const opened = await openModelDiff(ports, plantedExperiment, { ...request, model: "twin" }, stop.signal);
    const running = opened.run((event) => "progress" in event && stop.abort());
    await expect(running).rejects.toMatchObject({ code: "aborted" });
  });
});
