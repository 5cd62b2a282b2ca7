import { describe, expect, it } from "vitest";
import { formatJsonl } from "#lib/formats/jsonl.ts";
import {
  type HumanLabel,
  labelKey,
  lastLabels,
  parseHumanLabels,
  scoreOfStep,
  verdictOfScore,
} from "./human-labels.ts";

const label = (fields: Partial<HumanLabel> = {}): HumanLabel => ({
  at: "2026-11-21T10:00:00.000Z",
  kind: "scenario",
  polarity: "positive",
  text: "a",
  verdict: "pass",
  score: null,
  judge_score: 20,
  judge: "j",
  ...fields,
});

describe("a person's labels", () => {
  it("the last word on a text counts, by side and kind; what was taken back is null", () => {
    const labels = [
      label(),
      label({ verdict: "fail" }),
      label({ polarity: "negative" }),
      label({ kind: "response", score: 75 }),
      label({ text: "b" }),
      label({ text: "b", verdict: null }),
    ];
    const last = lastLabels(labels, "scenario");
    expect([...last]).toEqual([
      [labelKey({ polarity: "positive", text: "a" }), labels[1]],
      [labelKey({ polarity: "negative", text: "a" }), labels[2]],
      [labelKey({ polarity: "positive", text: "b" }), null],
    ]);
    expect(lastLabels(labels, "response").size).toBe(1);
  });

  it("are read back, a line that was half written left out", () => {
    const labels = [label(), label({ text: "line\nbreak ✓" })];
    expect(parseHumanLabels(`${formatJsonl(labels)}{"at": "20`, "human_labels.jsonl")).toEqual(labels);
    expect(parseHumanLabels(null, "human_labels.jsonl")).toEqual([]);
    expect(() => parseHumanLabels('{"at": 1}\n{}\n', "human_labels.jsonl")).toThrow("human_labels.jsonl");
  });

  it("1 to 5 span the judge's scale, and pass by the thresholds", () => {
    expect(([1, 2, 3, 4, 5] as const).map(scoreOfStep)).toEqual([0, 25, 50, 75, 100]);
    const thresholds = { pos_threshold: 60, neg_threshold: 40 };
    const verdicts = (side: "positive" | "negative") =>
      [0, 25, 50, 75, 100].map((score) => verdictOfScore(score, side, thresholds));
    expect(verdicts("positive")).toEqual(["fail", "fail", "fail", "pass", "pass"]);
    expect(verdicts("negative")).toEqual(["pass", "pass", "fail", "fail", "fail"]);
  });
});
