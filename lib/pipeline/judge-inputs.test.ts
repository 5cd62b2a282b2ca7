import { describe, expect, it } from "vitest";
import { FakeEngine } from "#lib/testing/fake-engine.ts";
import { fakeWorld } from "#lib/testing/fake-ports.ts";
import { planAndRun, specOf, writeTrait } from "#lib/testing/pipeline-experiment.ts";
import { parseJournal } from "./journal.ts";
import { judgeInputs } from "./judge-inputs.ts";
import { steeringFileSchema, steeringSamplesSchema } from "./results.ts";

const FOLDER = "experiments/e/steering/demo/sun/response_all";

async function steered() {
  const world = fakeWorld({ engine: new FakeEngine() });
  await writeTrait(world.store, "demo/sun");
  await planAndRun(world.ports, specOf(["demo/sun"], { layers: "1", coefs: [0.5] }));
  const read = async (path: string) => (await world.store.readText(`${FOLDER}/${path}`)) ?? "null";
  const file = steeringFileSchema.parse(JSON.parse(await read("results.json")));
  const samples = steeringSamplesSchema.parse(JSON.parse(await read(file.runs[0]?.samples ?? "")));
  return { world, file, samples, journal: parseJournal(await read("judgements.jsonl")) };
}

describe("the judge's inputs of a sample", () => {
  it("are to the letter what the judge was asked, with what the journal holds of it", async () => {
    const { world, file, samples, journal } = await steered();
    const asked = new Set(world.judge.requests);
    expect(samples).toHaveLength(3);
    for (const sample of samples) {
      const { rubric, tasks } = await judgeInputs(file, sample, null, journal);
      expect(rubric).toBe("results");
      expect(tasks.map(({ task, prompts }) => [task, prompts.map(({ purpose }) => purpose)])).toEqual([
        ["answer", ["score"]],
        ["coherence", ["score", "relevance"]],
      ]);
      for (const { prompts } of tasks)
        for (const { messages } of prompts)
          expect(messages.map(({ content }) => asked.has(content))).toEqual([true]);
      expect(tasks.map(({ judgement }) => judgement?.score)).toEqual([
        sample.trait_score,
        sample.coherence_score,
      ]);
    }
  });

  it("stay what they were when the trait's rubric is rewritten", async () => {
    const { file, samples, journal } = await steered();
    const [sample] = samples;
    if (!sample) throw new Error("no sample");
    const before = await judgeInputs(file, sample, null, journal);
    expect(await judgeInputs(file, sample, { definition: "another" }, journal)).toEqual(before);
    // Results of an earlier version do not hold it: the judgement is then found only by the same rubric.
    const { rubric: _, ...old } = file;
    const same = await judgeInputs(old, sample, { definition: "How sunny it is." }, journal);
    expect(same).toEqual({ ...before, rubric: "trait folder" });
    const other = await judgeInputs(old, sample, { definition: "another" }, journal);
    expect(other.tasks.map(({ judgement }) => judgement)).toEqual([null, null]);
    await expect(judgeInputs(old, sample, null, journal)).rejects.toThrow(/by which rubric/);
  });

  it("are none for an empty answer, and are not made up for prompts that are gone", async () => {
    const { file, samples, journal } = await steered();
    const [sample] = samples;
    if (!sample || !file.judge) throw new Error("no sample");
    expect((await judgeInputs(file, { ...sample, answer: " " }, null, journal)).tasks).toEqual([]);
    const elsewhere = { ...file, judge: { ...file.judge, promptVersion: "standard-0@00000000" } };
    expect((await judgeInputs(elsewhere, sample, null, journal)).tasks).toEqual([
      { task: "answer", prompts: [], judgement: null },
      { task: "coherence", prompts: [], judgement: null },
    ]);
  });
});
