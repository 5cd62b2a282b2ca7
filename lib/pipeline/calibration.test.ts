import { describe, expect, it } from "vitest";
import { calibrate, judgeName, passesAt } from "./calibration.ts";
import type { HumanLabel } from "./human-labels.ts";

const thresholds = { pos_threshold: 60, neg_threshold: 40 };
const judge = "http://judge m p-1";
let texts = 0;

const label = (fields: Partial<HumanLabel>): HumanLabel => ({
  at: "2026-11-21T10:00:00.000Z",
  kind: "scenario",
  polarity: "positive",
  text: `text ${texts++}`,
  verdict: "pass",
  score: null,
  judge_score: 80,
  judge,
  ...fields,
});

describe("judge calibration", () => {
  it("compares scores with scores and verdicts with verdicts at the thresholds", () => {
    const labels = [
      [90, 100, "pass"],
      [80, 75, "pass"],
      [50, 50, "fail"],
      [30, 0, "fail"],
      [20, 25, "fail"],
    ] as const;
    const figures = calibrate(
      labels.map(([judge_score, score, verdict]) => label({ judge_score, score, verdict })),
      "scenario",
      judge,
      thresholds,
    );
    // Ranks 5 4 3 2 1 and 5 4 3 1 2: 1 - 6 * 2 / (5 * 24); differences 10 5 0 30 5.
    expect(figures.spearman).toBeCloseTo(0.9, 12);
    expect(figures.mae).toBeCloseTo(10, 12);
    expect(figures).toMatchObject({ n: 5, missing: 0, verdicts: 5 });
    expect(figures.confusion).toEqual({
      pass: { pass: 2, ambiguous: 0, fail: 0, error: 0 },
      fail: { pass: 0, ambiguous: 1, fail: 2, error: 0 },
    });
  });

  it("moves the judge's verdicts with the thresholds, by side", () => {
    const labels = [
      label({ judge_score: 50 }),
      label({ judge_score: 50, polarity: "negative" }),
      label({ judge_score: null, verdict: "fail" }),
    ];
    const at = (pos_threshold: number, neg_threshold: number) =>
      calibrate(labels, "scenario", judge, { pos_threshold, neg_threshold }).confusion;
    expect(at(60, 40).pass).toEqual({ pass: 0, ambiguous: 2, fail: 0, error: 0 });
    expect(at(50, 40).pass).toEqual({ pass: 1, ambiguous: 0, fail: 1, error: 0 });
    expect(at(50, 50).pass).toEqual({ pass: 2, ambiguous: 0, fail: 0, error: 0 });
    expect(at(60, 40).fail).toEqual({ pass: 0, ambiguous: 0, fail: 0, error: 1 });
  });

  it("leaves out other judges, other kinds, and what was taken back", () => {
    const kept = label({ score: 75 });
    const labels = [
      label({ score: 10, judge: "http://judge m p-2" }),
      label({ score: 10, kind: "response" }),
      label({ score: 10, text: kept.text }),
      kept,
      label({ score: 10, text: "back" }),
      label({ score: null, verdict: null, text: "back" }),
    ];
    expect(calibrate(labels, "scenario", judge, thresholds)).toMatchObject({ n: 1, mae: 5, verdicts: 1 });
    expect(calibrate([], "scenario", judge, thresholds)).toMatchObject({ n: 0, spearman: null, mae: null });
  });

  it("names a judge by endpoint, model and prompts", () => {
    expect(judgeName({ endpoint: "http://judge", model: "m", promptVersion: "p-1", device: "cpu" })).toBe(
      judge,
    );
    expect(judgeName({ model: "m" })).toBe("? m ?");
  });

  it("counts what would pass", () => {
    const results = [90, 50, 10, null].flatMap((score) =>
      (["positive", "negative"] as const).map((polarity) => ({ score, polarity })),
    );
    expect(passesAt(results, thresholds)).toEqual({ pass: 2, ambiguous: 2, fail: 2, error: 2 });
    expect(passesAt(results, { pos_threshold: 50, neg_threshold: 5 })).toEqual({
      pass: 2,
      ambiguous: 2,
      fail: 2,
      error: 2,
    });
  });
});
