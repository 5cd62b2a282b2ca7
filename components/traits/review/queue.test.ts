import { describe, expect, it } from "vitest";
import type { Vetted } from "#lib/pipeline/vetting.ts";
import type { VettedLine } from "#lib/pipeline/vetting-view.ts";
import { calibrationSet } from "./calibration-set.ts";
import {
  countItems,
  inQueue,
  neighbour,
  passedIndices,
  type QueueFilter,
  queueItems,
  scoreBins,
} from "./queue.ts";

type Result = Partial<Vetted> | null;

function line(polarity: "positive" | "negative", index: number, result: Result): VettedLine {
  const text = `${polarity} scenario ${index}`;
  const scenario: Vetted | null = result && {
    idx: index,
    polarity,
    score: 50,
    verdict: "ambiguous",
    scenario: text,
    ...result,
  };
  return { polarity, index, line: index + 1, text, partner: null, scenario, response: null };
}

const items = queueItems(
  [
    line("positive", 0, { score: 90, verdict: "pass" }),
    line("positive", 1, { score: 50, verdict: "ambiguous" }),
    line("positive", 2, { score: 10, verdict: "fail" }),
    line("positive", 3, null),
    line("negative", 0, { score: null, verdict: "error" }),
    line("negative", 1, { score: 70, verdict: "fail", human_verdict: "pass" }),
    line("negative", 2, { score: 5, verdict: "pass", human_verdict: "fail" }),
  ],
  "scenario",
);
const everything: QueueFilter = { show: "all", polarity: null, failure: null, min: 0, max: 100 };
const shown = (change: Partial<QueueFilter>) =>
  items.filter((item) => inQueue(item, { ...everything, ...change })).map(({ id }) => id);

describe("the queue of a review", () => {
  it("shows what does not pass by the verdict that counts, a person's over the judge's", () => {
    expect(shown({ show: "failed" })).toEqual(["positive-2", "positive-3", "negative-1", "negative-3"]);
    expect(shown({ show: "changed" })).toEqual(["positive-4"]);
    expect(shown({})).toHaveLength(7);
  });

  it("filters by side, kind of failure and score, both ends included", () => {
    expect(shown({ show: "failed", polarity: "negative" })).toEqual(["negative-1", "negative-3"]);
    expect(shown({ failure: "judge error" })).toEqual(["negative-1"]);
    expect(shown({ failure: "the topic triggers the wrong behaviour" })).toEqual([
      "positive-3",
      "negative-3",
    ]);
    expect(shown({ min: 10, max: 70 })).toEqual(["positive-2", "positive-3", "negative-2"]);
    expect(shown({ min: 11, max: 69 })).toEqual(["positive-2"]);
  });

  it("counts by the verdict that counts; errors and changed lines are in no rate", () => {
    expect(countItems(items)).toEqual({ pass: 2, fail: 2, ambiguous: 1, error: 1, changed: 1, rate: 2 / 5 });
    expect(countItems([]).rate).toBeNull();
    expect(passedIndices(items)).toEqual({ positive: [0], negative: [1] });
  });

  it("puts every score into its bin, 100 into the last", () => {
    const bins = scoreBins(
      queueItems(
        [100, 95, 94.9, 0, 4.9, 5].map((score, at) => line("positive", at, { score })),
        "scenario",
      ),
    );
    expect(bins).toHaveLength(20);
    expect([bins[19], bins[18], bins[0], bins[1]].map((bin) => bin?.positive)).toEqual([2, 1, 2, 1]);
  });
});

describe("moving through the queue", () => {
  const failed = items.filter((item) => inQueue(item, { ...everything, show: "failed" }));

  it("goes by steps and stays at its ends", () => {
    expect(neighbour(failed, items, "positive-2", 1)).toBe("positive-3");
    expect(neighbour(failed, items, "negative-3", 1)).toBe("negative-3");
    expect(neighbour(failed, items, "positive-2", -1)).toBe("positive-2");
    expect(neighbour([], items, "positive-2", 1)).toBeNull();
  });

  it("goes from an item that is not shown to the nearest in that direction", () => {
    expect(neighbour(failed, items, "positive-4", 1)).toBe("negative-1");
    expect(neighbour(failed, items, "positive-4", -1)).toBe("positive-3");
    expect(neighbour(failed, items, "positive-1", -1)).toBe("positive-2");
    expect(neighbour(failed, items, "gone", 1)).toBe("positive-2");
  });
});

describe("the calibration set", () => {
  const scored = (polarity: "positive" | "negative", scores: readonly (number | null)[]) =>
    scores.map((score, at) => line(polarity, at, { score }));
  const even = Array.from({ length: 200 }, (_, at) => at / 2);

  it("is spread over the range and both sides, each text once", () => {
    const picked = calibrationSet(
      queueItems([...scored("positive", even), ...scored("negative", even)], "scenario"),
      24,
      42,
    );
    expect(picked).toHaveLength(24);
    expect(new Set(picked.map(({ key }) => key)).size).toBe(24);
    for (const side of ["positive", "negative"] as const) {
      const bins = picked
        .filter(({ line: { polarity } }) => polarity === side)
        .map(({ result }) => Math.floor(((result?.score ?? 0) / 100) * 12));
      expect(bins.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, bin) => bin));
    }
  });

  it("is the same whatever the order, and another with another seed", () => {
    const lines = [...scored("positive", even), ...scored("negative", even)];
    const keys = (all: readonly VettedLine[], seed: number) =>
      calibrationSet(queueItems(all, "scenario"), 24, seed).map(({ key }) => key);
    expect(keys(lines.toReversed(), 42)).toEqual(keys(lines, 42));
    expect(keys(lines, 43)).not.toEqual(keys(lines, 42));
  });

  it("fills a short side from the other and leaves out what has no score", () => {
    const picked = calibrationSet(
      queueItems([...scored("positive", [90, 90, null]), ...scored("negative", even)], "scenario"),
      24,
      42,
    );
    expect(picked.filter(({ line: { polarity } }) => polarity === "positive")).toHaveLength(2);
    expect(picked).toHaveLength(24);
    expect(calibrationSet(queueItems(scored("positive", [1, null]), "scenario"), 24, 42)).toHaveLength(1);
  });
});
