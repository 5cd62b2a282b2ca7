import { describe, expect, it } from "vitest";
import { notingDeaths, worldAfter } from "#lib/testing/deaths.ts";
import { FakeEngine } from "#lib/testing/fake-engine.ts";
import { FakeJudge } from "#lib/testing/fake-judge.ts";
import { type FakeWorld, fakeWorld, MemoryLedger } from "#lib/testing/fake-ports.ts";
import { planAndRun, resultFiles, specOf, writeTrait } from "#lib/testing/pipeline-experiment.ts";
import type { ConfigInput } from "./config.ts";
import { parseJournal } from "./journal.ts";

const BATCH = 8;
const CONCURRENCY = 2;
/** A coherence judgement takes two calls. */
const CALLS_PER_ITEM = 2;

// Small: every call of a port that does something is a moment to die.
const small: ConfigInput = {
  methods: ["mean_diff", "random"],
  layers: "1",
  coefs: [1],
  questions: 2,
  concurrency: CONCURRENCY,
};

async function freshWorld(): Promise<FakeWorld> {
  const world = fakeWorld({ engine: new FakeEngine({ batch: BATCH }) });
  await writeTrait(world.store, "demo/sun", 5);
  return world;
}

const journals = [
  "experiments/e/extraction/demo/sun/vetting/judgements.jsonl",
  "experiments/e/steering/demo/sun/response_all/judgements.jsonl",
];

async function journalKeys({ store }: FakeWorld): Promise<string[]> {
  const texts = await Promise.all(journals.map(async (path) => (await store.readText(path)) ?? ""));
  return texts.flatMap((text) => [...parseJournal(text).keys()]).sort();
}

describe("a run that is killed", () => {
  it("at any moment ends as an undisturbed one, and repeats only what was in flight", async () => {
    const whole = await freshWorld();
    const spec = specOf(["demo/sun"], small);
    const { ports, deaths } = notingDeaths(whole);
    await planAndRun(ports, spec);
    const expected = resultFiles(whole.store);
    const expectedJournal = await journalKeys(whole);
    const kinds = new Set(deaths.map(({ deed }) => deed.split(" ")[0]));
    expect([...kinds].sort()).toEqual(["append", "keep", "record", "remove", "torn", "update", "write"]);
    for (const death of deaths) {
      const world = worldAfter(death, BATCH);
      await planAndRun(world.ports, spec);
      expect(resultFiles(world.store), `killed before: ${death.deed}`).toEqual(expected);
      expect(await journalKeys(world)).toEqual(expectedJournal);
      // One batch of the engine, and the judge's open calls.
      const generated = death.generated + world.engine.generated.length;
      const captured = death.captured + world.engine.capturedRows;
      const judged = death.judged + world.judge.requests.length;
      expect(generated - whole.engine.generated.length).toBeLessThanOrEqual(BATCH);
      expect(captured - whole.engine.capturedRows).toBeLessThanOrEqual(BATCH);
      expect(judged - whole.judge.requests.length).toBeLessThanOrEqual(CONCURRENCY * CALLS_PER_ITEM);
    }
    expect(deaths.length).toBeGreaterThan(80);
  }, 600_000);

  it("repeats no paid judgement when the database is lost with it", async () => {
    const world = await freshWorld();
    const spec = specOf(["demo/sun"], small);
    await planAndRun(world.ports, spec);
    const paid = world.judge.requests.length;
    const expected = resultFiles(world.store);
    for (const path of [...world.store.files.keys()])
      if (path.endsWith("stages.json")) await world.store.remove(path);
    await world.store.remove("experiments/e/extraction/demo/sun/vetting/response_scores.json");
    const { store, engine, judge } = world;
    const bare = fakeWorld({ store, engine, judge, ledger: new MemoryLedger() });
    await planAndRun(bare.ports, spec);
    expect(judge.requests.length).toBe(paid);
    expect(resultFiles(store)).toEqual(expected);
  });

  it("is paused by its signal between batches and goes on", async () => {
    const world = await freshWorld();
    const spec = specOf(["demo/sun"], small);
    const pause = new AbortController();
    const { ports, events } = world;
    const emit: typeof ports.emit = (event) => {
      ports.emit(event);
      if (event.kind === "progress" && event.unit === "responses" && event.done > 0) pause.abort("pause");
    };
    await expect(planAndRun({ ...ports, emit }, spec, pause.signal)).rejects.toMatchObject({
      code: "aborted",
    });
    expect(events.at(-1)).toMatchObject({ kind: "run", state: "paused" });
    const before = world.engine.generated.length;
    expect(before).toBe(BATCH);
    expect(events.filter((event) => event.kind === "stage" && event.state === "failed")).toEqual([]);
    const resumed = await planAndRun(ports, spec);
    const whole = await freshWorld();
    const undisturbed = await planAndRun(whole.ports, spec);
    expect(resumed.judge_calls).toBe(undisturbed.judge_calls);
    expect(Object.keys(resumed.seconds_by_stage)).toEqual(Object.keys(undisturbed.seconds_by_stage));
    expect(world.engine.generated.length).toBe(whole.engine.generated.length);
    expect(resultFiles(world.store)).toEqual(resultFiles(whole.store));
  });
});

describe("a run that the judge fails", () => {
  it("stops when the judge is away, keeps what is done, and goes on when it is back", async () => {
    const world = await freshWorld();
    const spec = specOf(["demo/sun"], small);
    world.judge.unreachable = true;
    await expect(planAndRun(world.ports, spec)).rejects.toMatchObject({ code: "judge-unreachable" });
    world.judge.unreachable = false;
    const result = await planAndRun(world.ports, spec);
    expect(result.traits[0]?.response_pass_rate).toBe(1);
  });

  it("records one item's error, leaves it without a score, and tries it again next time", async () => {
    const world = await freshWorld();
    const spec = specOf(["demo/sun"], small, { stages: ["vet-scenarios"] });
    world.judge.failing.add("demo/sun 2 feels hope");
    const result = await planAndRun(world.ports, spec);
    expect(result.failed_items).toBe(1);
    const path = "experiments/e/extraction/demo/sun/vetting/scenario_scores.json";
    const file = JSON.parse((await world.store.readText(path)) ?? "");
    expect(file.summary).toMatchObject({ positive_passed: 4, positive_failed: 0, errors: 1 });
    expect(file.results[2]).toMatchObject({
      idx: 2,
      score: null,
      verdict: "error",
      failure_kind: "judge error",
    });
    expect(file.failed_indices).toEqual({ positive: [], negative: [] });

    world.judge.failing.clear();
    const asked = world.judge.requests.length;
    expect((await planAndRun(world.ports, spec)).failed_items).toBe(0);
    expect(world.judge.requests.length).toBe(asked + 1);
  });
});

describe("a judge of another name", () => {
  it("is asked anew", async () => {
    const world = await freshWorld();
    const spec = specOf(["demo/sun"], small, { stages: ["vet-scenarios"] });
    await planAndRun(world.ports, spec);
    const other = fakeWorld({ ...world, judge: new FakeJudge("other") });
    await planAndRun(other.ports, spec);
    expect(other.judge.requests.length).toBe(10);
  });
});
