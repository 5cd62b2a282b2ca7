import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { readSafetensors } from "#lib/formats/safetensors.ts";
import { toFloat32 } from "#lib/formats/tensor.ts";
import { FakeEngine, plantedDirection } from "#lib/testing/fake-engine.ts";
import { type FakeWorld, fakeWorld } from "#lib/testing/fake-ports.ts";
import { planAndRun, specOf, writeTrait } from "#lib/testing/pipeline-experiment.ts";
import { runResultSchema } from "./contract.ts";
import { planRun } from "./plan.ts";
import { steeringFileSchema } from "./results.ts";
import { vettingFileSchema } from "./vetting.ts";

const ROOT = "experiments/e/extraction/demo/sun";

async function worldOf(traits: string[] = ["demo/sun"], engine = new FakeEngine()): Promise<FakeWorld> {
  const world = fakeWorld({ engine });
  for (const trait of traits) await writeTrait(world.store, trait);
  return world;
}

async function json(world: FakeWorld, path: string) {
  const text = await world.store.readText(path);
  if (text === null) throw new Error(`no ${path}`);
  return JSON.parse(text);
}

describe("a whole run", () => {
  it("finds the planted direction, shows that it steers and writes every file of the format", async () => {
    const world = await worldOf();
    const result = await planAndRun(world.ports, specOf(["demo/sun"]));
    expect(runResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
    const [trait] = result.traits;
    expect(trait).toMatchObject({ scenario_pass_rate: 1, response_pass_rate: 1, vectors: 9 });
    expect(trait?.best?.val_auroc).toBe(1);
    expect(trait?.best?.method).not.toBe("random");
    expect(trait?.steering?.delta).toBeGreaterThan(
      trait?.steering?.random_band.high ?? Number.POSITIVE_INFINITY,
    );
    expect(trait?.steering?.coherence).toBe(90);

    const bytes = await world.store.read(
      `${ROOT}/vectors/response_all/residual/mean_diff/layer1.safetensors`,
    );
    const tensor = readSafetensors(bytes ?? new Uint8Array()).tensors.get("vector");
    const vector = toFloat32(tensor ?? { dtype: "F32", shape: [0], data: new Uint8Array() });
    const cosine = plantedDirection(1).reduce((sum, value, at) => sum + value * (vector[at] ?? 0), 0);
    expect(cosine).toBeGreaterThan(0.95);

    const train = readSafetensors(
      (await world.store.read(`${ROOT}/activations/response_all/residual/train_all_layers.safetensors`)) ??
        new Uint8Array(),
    ).tensors;
    expect(train.get("activations")).toMatchObject({ dtype: "F32", shape: [20, 3, 8] });
    expect(train.get("labels")).toMatchObject({ dtype: "I8", shape: [20] });
    expect(train.get("indices")).toMatchObject({ dtype: "I32", shape: [20] });
    const metadata = await json(world, `${ROOT}/activations/response_all/residual/metadata.json`);
    expect(metadata).toMatchObject({
      n_layers: 3,
      n_examples_pos: 10,
      n_val_pos: 2,
      n_val_neg: 2,
      hidden_dim: 8,
    });
    expect(Object.keys(metadata.activation_norms)).toEqual(["0", "1", "2"]);
    vettingFileSchema.parse(await json(world, `${ROOT}/vetting/response_scores.json`));
    const steering = steeringFileSchema.parse(
      await json(world, "experiments/e/steering/demo/sun/response_all/results.json"),
    );
    expect(steering.runs).toHaveLength(4);
    expect(steering.random_band).toHaveLength(4);
    const samples = await json(
      world,
      `experiments/e/steering/demo/sun/response_all/${steering.runs[0]?.samples}`,
    );
    expect(samples).toHaveLength(3);

    const manifest = await json(world, "experiments/e/manifest.json");
    expect(manifest.inputs["datasets/traits/demo/sun/positive.txt"]).toMatch(/^[0-9a-f]{64}$/);
    expect(manifest.outputs["experiments/e/report.md"]).toMatch(/^[0-9a-f]{64}$/);
    expect(manifest.models.fake.fingerprint).toBe("fake-1");
    const report = await world.store.readText("experiments/e/report.md");
    expect(report).toContain("apart from a random vector | AUROC intervals overlap | apart | **missed** |");
  });

  it("makes no model and no judge call when nothing has changed, and plans so", async () => {
    const world = await worldOf();
    const spec = specOf(["demo/sun"]);
    const before = await planRun(spec, world.ports);
    expect(before.traits[0]?.stages.map(({ state, will_run }) => [state, will_run])).toEqual(
      Array.from({ length: 7 }, () => ["pending", true]),
    );
    const done = await planAndRun(world.ports, spec);
    // 24 scenarios, 24 responses, 3 questions x (1 + 2 layers x 2 coefs x 4 vectors) answers with 3 calls each.
    expect(before.judge_calls.to_do).toBe(24 + 24 + 51 * 3);
    expect(done.judge_calls).toBeLessThanOrEqual(before.judge_calls.to_do);
    const asked = world.judge.requests.length;
    const generated = world.engine.generated.length;
    const plan = await planRun(spec, world.ports);
    expect(plan.traits[0]?.stages.map(({ state }) => state)).toEqual(Array.from({ length: 7 }, () => "done"));
    expect(plan).toMatchObject({
      judge_calls: { to_do: 0, cached: 0 },
      model_rows: 0,
      estimated_cost_usd: 0,
    });
    const again = await planAndRun(world.ports, spec);
    expect(world.judge.requests.length).toBe(asked);
    expect(world.engine.generated.length).toBe(generated);
    expect(again.traits).toEqual(done.traits);
  });

  it("keeps the rows of other traits in extraction_evaluation.json, and ends with one line a trait", async () => {
    const world = await worldOf(["demo/sun", "demo/moon"]);
    await planAndRun(world.ports, specOf(["demo/sun"]));
    await planAndRun(world.ports, specOf(["demo/moon"]));
    const path = "experiments/e/extraction/extraction_evaluation.json";
    const { all_results } = await json(world, path);
    expect(all_results.map(({ trait }: { trait: string }) => trait)).toEqual([
      ...Array.from({ length: 9 }, () => "demo/moon"),
      ...Array.from({ length: 9 }, () => "demo/sun"),
    ]);
    const both = await planAndRun(world.ports, specOf(["demo/sun", "demo/moon"], {}, { run_id: "r2" }));
    expect(both.traits.map(({ trait }) => trait)).toEqual(["demo/sun", "demo/moon"]);
    expect(both.judge_calls).toBe(0);
  });
});

describe("staleness", () => {
  it("redoes only the edited scenario", async () => {
    const world = await worldOf();
    const spec = specOf(["demo/sun"]);
    await planAndRun(world.ports, spec);
    const { store, judge, engine } = world;
    const text = (await store.readText("datasets/traits/demo/sun/positive.txt")) ?? "";
    await store.write(
      "datasets/traits/demo/sun/positive.txt",
      text.replace("demo/sun 3 feels hope", "a walk feels hope grow"),
    );
    const plan = await planRun(spec, world.ports);
    expect(plan.traits[0]?.stages.map(({ state, items }) => [state, items.to_do]).slice(0, 2)).toEqual([
      ["stale", 1],
      ["stale", 1],
    ]);
    const before = {
      asked: judge.requests.length,
      generated: engine.generated.length,
      captured: engine.capturedRows,
    };
    await planAndRun(world.ports, {
      ...spec,
      stages: ["vet-scenarios", "generate", "vet-responses", "capture"],
    });
    expect(judge.requests.length - before.asked).toBe(2);
    expect(engine.generated.length - before.generated).toBe(1);
    expect(engine.capturedRows - before.captured).toBe(1);
  });

  it("judges anew by another rubric, and generates nothing", async () => {
    const world = await worldOf();
    const spec = specOf(["demo/sun"]);
    await planAndRun(world.ports, spec);
    await world.store.write("datasets/traits/demo/sun/definition.txt", "How cheerful it is.");
    const plan = await planRun(spec, world.ports);
    const states = Object.fromEntries(plan.traits[0]?.stages.map(({ stage, state }) => [stage, state]) ?? []);
    expect(states).toMatchObject({
      "vet-scenarios": "stale",
      generate: "done",
      "vet-responses": "stale",
      capture: "stale",
    });
    const generated = world.engine.generated.length;
    const captured = world.engine.capturedRows;
    await planAndRun(world.ports, {
      ...spec,
      stages: ["vet-scenarios", "generate", "vet-responses", "capture", "extract"],
    });
    expect(world.engine.generated.length).toBe(generated);
    expect(world.engine.capturedRows).toBe(captured);
  });

  it("asks no judge for another threshold, and captures only what changed sides", async () => {
    const world = await worldOf();
    await planAndRun(world.ports, specOf(["demo/sun"]));
    const asked = world.judge.requests.length;
    const spec = specOf(
      ["demo/sun"],
      { pos_threshold: 70 },
      { stages: ["vet-scenarios", "vet-responses", "capture"] },
    );
    const result = await planAndRun(world.ports, spec);
    expect(world.judge.requests.length).toBe(asked);
    // The fake judge gives positive scenarios 65.
    expect(result.traits[0]?.scenario_pass_rate).toBe(0.5);
    const file = await json(world, `${ROOT}/vetting/scenario_scores.json`);
    expect(file.results[0]).toMatchObject({ score: 65, verdict: "ambiguous", failure_kind: "ambiguous" });
    const plan = await planRun(spec, world.ports);
    expect(plan.traits[0]?.stages[3]).toMatchObject({ stage: "capture", state: "done" });
  });

  it("starts over with another model", async () => {
    const world = await worldOf();
    await planAndRun(world.ports, specOf(["demo/sun"]));
    const other = fakeWorld({ ...world, engine: new FakeEngine({ fingerprint: "fake-2" }) });
    await planAndRun(other.ports, specOf(["demo/sun"]));
    expect(other.engine.capturedRows).toBe(24 + 3);
    expect(other.engine.generated.length).toBe(24 + 51);
  });

  it("lets a person's verdict count and keeps it when responses are vetted again", async () => {
    const world = await worldOf();
    const spec = specOf(["demo/sun"], { steering: false });
    await planAndRun(world.ports, spec);
    const path = `${ROOT}/vetting/response_scores.json`;
    const file = await json(world, path);
    file.results[4].human_verdict = "fail";
    await world.store.write(path, JSON.stringify(file));
    expect((await planRun(spec, world.ports)).traits[0]?.stages[3]).toMatchObject({
      stage: "capture",
      state: "stale",
    });
    await planAndRun(world.ports, specOf(["demo/sun"], { steering: false, neg_threshold: 30 }));
    const again = await json(world, path);
    expect(again.results[4]).toMatchObject({ human_verdict: "fail", verdict: "pass" });
    expect(again.failed_indices.positive).toEqual([4]);
    const metadata = await json(world, `${ROOT}/activations/response_all/residual/metadata.json`);
    expect(metadata.n_examples_pos + metadata.n_val_pos).toBe(11);
  });
});

describe("other ways through the pipeline", () => {
  it("takes responses that another tool wrote, and tokenises them", async () => {
    const world = await worldOf();
    for (const [side, word] of [
      ["pos", "hope"],
      ["neg", "doubt"],
    ] as const) {
      const entries = Array.from({ length: 12 }, (_, at) => ({
        prompt: `story ${at}`,
        response: `the ${word} day`,
      }));
      await world.store.write(`${ROOT}/responses/${side}.json`, JSON.stringify(entries));
    }
    const spec = specOf(["demo/sun"], { steering: false, vet_scenarios: false });
    const plan = await planRun(spec, world.ports);
    expect(plan.traits[0]?.stages[1]).toMatchObject({
      stage: "generate",
      state: "imported",
      will_run: false,
    });
    const result = await planAndRun(world.ports, spec);
    expect(world.engine.generated).toHaveLength(0);
    expect(result.traits[0]).toMatchObject({ response_pass_rate: 1, scenario_pass_rate: null, vectors: 9 });
  });

  it("never overwrites responses that somebody put there for one polarity only", async () => {
    const world = await worldOf();
    await world.store.write(`${ROOT}/responses/pos.json`, "[]");
    await expect(planRun(specOf(["demo/sun"]), world.ports)).rejects.toThrow(
      /pos\.json is there, but .*neg\.json is not/,
    );
  });

  it("goes on to steering when nothing of one polarity is held out", async () => {
    const world = await worldOf();
    const spec = specOf(["demo/sun"], { val_split: 0.01 });
    const result = await planAndRun(world.ports, spec);
    expect(result.traits[0]).toMatchObject({ best: null, vectors: 9 });
    expect(result.traits[0]?.steering?.delta).toBeGreaterThan(20);
    expect(result.warnings.join()).toMatch(/no vector can be tested/);
  });

  it("reads the scenarios themselves in prefill-only mode", async () => {
    const world = await worldOf();
    const spec = specOf(["demo/sun"], { prefill_only: true, steering: false });
    const result = await planAndRun(world.ports, spec);
    expect(world.engine.generated).toHaveLength(0);
    expect(world.judge.requests).toHaveLength(0);
    expect(world.engine.capturedRows).toBe(24);
    expect(await world.store.list(`${ROOT}/activations/prompt_-1/residual`)).toHaveLength(3);
    expect(result.traits[0]).toMatchObject({ response_pass_rate: null, vectors: 9 });
  });

  it("completes plain text in base mode and judges its first words", async () => {
    const world = await worldOf(["demo/sun"], new FakeEngine({ chat: false }));
    await expect(planRun(specOf(["demo/sun"]), world.ports)).rejects.toThrow(
      /no chat template: pass --base-model/,
    );
    await planAndRun(world.ports, specOf(["demo/sun"], { base_model: true, steering: false }));
    expect(world.engine.generated[0]).toEqual({
      prompt: { text: "demo/sun 0 feels hope" },
      maxNewTokens: 16,
    });
  });

  it("searches adaptively and tries random vectors where it went", async () => {
    const world = await worldOf();
    await planAndRun(world.ports, specOf(["demo/sun"], { coefs: "adaptive", layers: "1" }));
    const file = await json(world, "experiments/e/steering/demo/sun/response_all/results.json");
    const ratios = file.runs.map((run: { coef_ratio: number }) => run.coef_ratio);
    // x1.27, then x1.297 while coherent; the fake's text breaks above a strength of 3.2.
    expect(ratios).toEqual([0.7, 0.889, 1.153, 1.4986, 1.9481]);
    expect(file.random_band.map((band: { coef_ratio: number }) => band.coef_ratio)).toEqual(ratios);
    expect(file.search).toBe("adaptive");
  });

  it("says so when no setting is coherent", async () => {
    const world = await worldOf();
    const result = await planAndRun(world.ports, specOf(["demo/sun"], { coefs: [5, 6], layers: "1" }));
    expect(result.traits[0]?.steering).toBeNull();
    const { best } = await json(world, "experiments/e/steering/demo/sun/response_all/results.json");
    expect(best).toMatchObject({ coherent: false, coherence: 0 });
    expect(best.reason).toMatch(/no setting reached coherence 70/);
    expect(await world.store.readText("experiments/e/report.md")).toMatch(
      /no setting of 2 kept the text coherent/,
    );
  });

  it("reports empty slices by item and never reads them as zero", async () => {
    const world = await worldOf();
    const spec = specOf(["demo/sun"], { position: "response[6]", steering: false });
    const run = planAndRun(world.ports, spec);
    await expect(run).rejects.toMatchObject({ code: "empty-slice" });
    const failures = world.events.filter((event) => event.kind === "item-failed");
    expect(failures).toHaveLength(24);
    expect(failures[0]).toMatchObject({
      item: "positive 1",
      stage: "capture",
      error: { code: "empty-slice" },
    });
  });
});

describe("what is wrong", () => {
  it.each([
    ["an unknown trait", specOf(["demo/rain"]), /trait demo\/rain is not known: .* there are demo\/sun/],
    [
      "an unknown experiment",
      specOf(["demo/sun"], {}, { experiment: "x" }),
      /experiment "x" is not known: .* there are e/,
    ],
    [
      "a stage without its input",
      specOf(["demo/sun"], {}, { stages: ["extract"] }),
      /extract needs .*train_all_layers.* run capture first/,
    ],
    [
      "layers out of range",
      specOf(["demo/sun"], { layers: "7" }),
      /layers "7" do not fit a model of 3 layers/,
    ],
  ])("%s is one line", async (_, spec, message) => {
    const world = await worldOf();
    await expect(planRun(spec, world.ports)).rejects.toThrow(message);
  });

  it("names file and line of a broken trait, and lists it in a tolerant plan", async () => {
    const world = await worldOf(["demo/sun", "demo/moon"]);
    await world.store.write("datasets/traits/demo/moon/steering.json", '{\n  "questions": [}');
    const spec = specOf(["demo/moon", "demo/sun"]);
    await expect(planRun(spec, world.ports)).rejects.toThrow(
      /^datasets\/traits\/demo\/moon\/steering\.json:2: malformed JSON/,
    );
    const plan = await planRun(spec, world.ports, { tolerant: true });
    expect(plan.traits.map(({ error }) => error === undefined)).toEqual([false, true]);
  });

  it("in one trait leaves the others to finish", async () => {
    const world = await worldOf(["demo/sun", "demo/moon"]);
    const spec = specOf(["demo/moon", "demo/sun"], { pos_threshold: 60, steering: false });
    const plan = await planRun(spec, world.ports);
    const lines = Array.from({ length: 12 }, (_, at) => `plain ${at}`).join("\n");
    await world.store.write("datasets/traits/demo/moon/positive.txt", lines);
    const { executeRun } = await import("./run.ts");
    const result = await executeRun(spec, plan, world.ports);
    expect(result.traits[0]?.error).toMatch(/no positive response passed vetting/);
    expect(result.traits[1]?.vectors).toBe(9);
    expect(result.failed_items).toBe(1);
  });

  it("on a full disk stops the run, and everything written stays", async () => {
    const world = await worldOf();
    const { ports } = world;
    const full: typeof ports.artifacts = {
      ...Object.fromEntries(
        ["read", "readText", "append", "update", "list", "remove", "stat"].map((name) => [
          name,
          Reflect.get(ports.artifacts, name).bind(ports.artifacts),
        ]),
      ),
      write: async (path: string, data: Uint8Array | string) => {
        if (path.includes("/vectors/"))
          throw new AppError("disk-full", "the disk is full: free some space and run again");
        return ports.artifacts.write(path, data);
      },
    } as typeof ports.artifacts;
    await expect(planAndRun({ ...ports, artifacts: full }, specOf(["demo/sun"]))).rejects.toMatchObject({
      code: "disk-full",
    });
    expect(world.events.at(-1)).toMatchObject({ kind: "run", state: "failed" });
    const generated = world.engine.generated.length;
    await planAndRun(ports, specOf(["demo/sun"], { steering: false }));
    expect(world.engine.generated.length).toBe(generated);
  });
});
