import { describe, expect, it } from "vitest";
import { FakeEngine } from "#lib/testing/fake-engine.ts";
import { fakeWorld } from "#lib/testing/fake-ports.ts";
import { planAndRun, specOf, writeTrait } from "#lib/testing/pipeline-experiment.ts";
import { planRun } from "./plan.ts";
import { parseResponses } from "./responses.ts";

// A trait of A/B questions: both sides ask the same and answer by one option each, which is what is read.

const FOLDER = "datasets/traits/demo/sun";
const ROOT = "experiments/e/extraction/demo/sun";
const side = (answer: string) =>
  Array.from({ length: 12 }, (_, at) => `${JSON.stringify({ prompt: `Question ${at}?`, answer })}\n`).join(
    "",
  );

async function worldOf() {
  const world = fakeWorld({ engine: new FakeEngine() });
  await writeTrait(world.store, "demo/sun");
  for (const [polarity, answer] of [
    ["positive", "hope (1"],
    ["negative", "doubt (2"],
  ] as const) {
    await world.store.remove(`${FOLDER}/${polarity}.txt`);
    await world.store.write(`${FOLDER}/${polarity}.jsonl`, side(answer));
  }
  return world;
}

describe("scenarios that carry their answers", () => {
  it("are neither judged nor generated; their last answer token is read", async () => {
    const world = await worldOf();
    const spec = specOf(["demo/sun"], { position: "response[-1]", steering: false });
    const plan = await planRun(spec, world.ports);
    const [trait] = plan.traits;
    const work = trait?.stages.filter(({ stage }) =>
      ["vet-scenarios", "generate", "vet-responses"].includes(stage),
    );
    expect(work?.map(({ model_rows, judge_calls }) => [model_rows, judge_calls.to_do])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    const result = await planAndRun(world.ports, spec);
    expect(result.judge_calls).toBe(0);
    expect(result.traits[0]?.best?.val_auroc).toBe(1);
    expect(result.warnings.join()).not.toContain("passed responses");
    const path = `${ROOT}/responses/pos.json`;
    const entries = parseResponses((await world.store.readText(path)) ?? "", path);
    expect(entries).toHaveLength(12);
    expect(entries[3]).toEqual({ index: 3, question: "Question 3?", answer: "hope (1", given: true });
  });

  it("are read anew when an answer changes", async () => {
    const world = await worldOf();
    const spec = specOf(["demo/sun"], { position: "response[-1]", steering: false });
    await planAndRun(world.ports, spec);
    await world.store.write(`${FOLDER}/positive.jsonl`, side("hope (3"));
    const plan = await planRun(spec, world.ports);
    const states = Object.fromEntries(plan.traits[0]?.stages.map(({ stage, state }) => [stage, state]) ?? []);
    expect(states).toMatchObject({ generate: "stale", capture: "stale" });
  });
});
