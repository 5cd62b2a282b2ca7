import { describe, expect, it } from "vitest";
import { formatJson } from "#lib/formats/json.ts";
import type { HumanVerdict } from "#lib/pipeline/human-labels.ts";
import { parseVettingFile, type VettingFile, vettingFile } from "#lib/pipeline/vetting.ts";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { FolderStore } from "./store/folder-store.ts";
import { labelTexts, readVetting } from "./vetting.ts";

const TRAIT = "mine/warmth";
const scores = `experiments/e/extraction/${TRAIT}/vetting/scenario_scores.json`;
const COUNT = 20;
const textOf = (at: number) => `scenario ${at}`;

const input = (previous: VettingFile | null, more = 0) => ({
  experiment: "e",
  trait: TRAIT,
  definition: "Rubric.",
  thresholds: { pos_threshold: 60, neg_threshold: 40 },
  judge: { endpoint: "http://judge", model: "m", promptVersion: "p-1" },
  kind: "scenario" as const,
  judged: Array.from({ length: COUNT + more }, (_, idx) => ({
    idx,
    polarity: "positive" as const,
    text: textOf(idx),
    judgement: { score: idx, truncated: false },
  })),
  labels: [],
  previous,
});

async function vetted(): Promise<FolderStore> {
  const store = new FolderStore(temporaryFolder());
  await store.write("experiments/e/config.json", formatJson({ extraction_model: "demo" }));
  await store.write(scores, formatJson(vettingFile(input(null))));
  return store;
}

const said = (at: number, verdict: HumanVerdict["verdict"] = "pass", score: number | null = null) => ({
  polarity: "positive" as const,
  text: textOf(at),
  verdict,
  score,
});
const say = (store: FolderStore, ...labels: ReturnType<typeof said>[]) =>
  labelTexts(store, "e", TRAIT, { kind: "scenario", labels });

describe("a person's verdicts on the server", () => {
  it("count at once beside the judge's, with its score and name", async () => {
    const store = await vetted();
    const { scenarios, labels } = await say(store, said(3, "pass", 75));
    expect(scenarios?.results[3]).toMatchObject({
      score: 3,
      verdict: "fail",
      human_verdict: "pass",
      human_score: 75,
    });
    expect(scenarios?.summary).toMatchObject({ positive_passed: 1, positive_failed: COUNT - 1 });
    expect(scenarios?.failed_indices.positive).not.toContain(3);
    expect(labels).toMatchObject([{ ...said(3, "pass", 75), judge_score: 3, judge: "http://judge m p-1" }]);
  });

  it("are taken back, and the judge's counts again", async () => {
    const store = await vetted();
    await say(store, said(3, "pass", 75));
    const { scenarios, labels } = await say(store, said(3, null));
    expect(scenarios?.results[3]).not.toHaveProperty("human_verdict");
    expect(scenarios?.results[3]).not.toHaveProperty("human_score");
    expect(scenarios?.summary.positive_passed).toBe(0);
    expect(labels).toHaveLength(2);
  });

  it("on a text that is not vetted are a conflict, and none of the request is kept", async () => {
    const store = await vetted();
    const answer = say(store, said(1), { ...said(2), text: "another" });
    await expect(answer).rejects.toMatchObject({ code: "conflict" });
    await expect(say(store, { ...said(1), polarity: "negative" as never })).rejects.toMatchObject({
      code: "conflict",
    });
    const { scenarios, labels } = await readVetting(store, "e", TRAIT);
    expect(labels).toEqual([]);
    expect(scenarios?.summary.positive_passed).toBe(0);
  });

  it("need something that was vetted", async () => {
    const store = await vetted();
    const responses = labelTexts(store, "e", TRAIT, { kind: "response", labels: [said(1)] });
    await expect(responses).rejects.toMatchObject({ code: "not-found" });
    await expect(readVetting(store, "other", TRAIT)).rejects.toMatchObject({ code: "not-found" });
  });

  it("given all at once, while a run writes its results, are all kept", async () => {
    const store = await vetted();
    const runs = Array.from({ length: 5 }, (_, more) =>
      store.update(scores, (before) =>
        formatJson(vettingFile(input(before === null ? null : parseVettingFile(before, scores), more))),
      ),
    );
    const people = Array.from({ length: COUNT }, (_, at) => say(store, said(at)));
    await Promise.all([...people, ...runs]);
    const { scenarios, labels } = await readVetting(store, "e", TRAIT);
    expect(labels).toHaveLength(COUNT);
    expect(new Set(labels.map(({ text }) => text)).size).toBe(COUNT);
    const passed = scenarios?.results.filter(({ human_verdict }) => human_verdict === "pass");
    expect(passed?.map(({ idx }) => idx)).toEqual(Array.from({ length: COUNT }, (_, at) => at));
    expect(scenarios?.summary.positive_passed).toBe(COUNT);
  });
});
