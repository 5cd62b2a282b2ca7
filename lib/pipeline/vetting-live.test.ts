import { expect, test } from "vitest";
import type { TraitVetting } from "./vetting-api.ts";
import { addScores, figuresOf, noLiveScores, withLiveScores } from "./vetting-live.ts";
import { vettedLines } from "./vetting-view.ts";

const texts = { "positive.txt": "a\nb\n", "negative.txt": "c\nd\n" };
const vetting: TraitVetting = {
  experiment: "e",
  trait: "t/x",
  thresholds: { pos_threshold: 60, neg_threshold: 40 },
  judge: { judge: "builtin", model: "demo" },
  scenarios: null,
  responses: null,
  rounds: [],
  labels: [],
};
const positive = { polarity: "positive", idx: 0 } as const;
const negative = { polarity: "negative", idx: 0 } as const;

test("before anything was vetted every line is open", () => {
  const figures = figuresOf(vettedLines(texts, vetting), "scenario");
  expect(figures).toMatchObject({ lines: 4, open: 4, passed: 0, notPassed: 0, complete: false });
  expect(figures.summary.pass_rate).toBeNull();
});

test("scores as they come are found by text, wherever the line stands by now", () => {
  const live = addScores(noLiveScores, "scenario", [
    { ...positive, text: "a", score: 90 },
    { ...negative, text: "c", score: 50 },
    { ...negative, idx: 1, text: "d", score: null },
  ]);
  const merged = withLiveScores(vetting, live);
  const moved = { "positive.txt": "new\na\nb\n", "negative.txt": "c\nd\n" };
  const lines = vettedLines(moved, merged);
  expect(lines.map(({ text, scenario }) => [text, scenario?.score, scenario?.verdict])).toEqual([
    ["new", undefined, undefined],
    ["a", 90, "pass"],
    ["b", undefined, undefined],
    ["c", 50, "ambiguous"],
    ["d", null, "error"],
  ]);
  expect(figuresOf(lines, "scenario")).toMatchObject({
    lines: 5,
    open: 2,
    passed: 1,
    notPassed: 2,
    summary: { positive_passed: 1, negative_failed: 1, errors: 1, pass_rate: 0.5 },
  });
});

test("a newer score replaces the file's, and a person's verdict on the same text stays", () => {
  const label = { at: "", kind: "scenario", judge_score: 50, judge: "j", score: null } as const;
  const first = withLiveScores(
    vetting,
    addScores(noLiveScores, "scenario", [
      { ...positive, text: "a", score: 10 },
      { ...positive, idx: 1, text: "b", score: 10 },
    ]),
  );
  const scenarios = first.scenarios && {
    ...first.scenarios,
    results: first.scenarios.results.map((result) => ({ ...result, human_verdict: "pass" as const })),
  };
  const merged = withLiveScores(
    { ...first, scenarios, labels: [{ ...label, polarity: "positive", text: "b", verdict: "fail" }] },
    addScores(noLiveScores, "scenario", [
      { ...positive, text: "a", score: 20 },
      { ...positive, idx: 1, text: "b", score: 70 },
    ]),
  );
  expect(merged.scenarios?.results).toMatchObject([
    { scenario: "a", score: 20, verdict: "fail", human_verdict: "pass" },
    { scenario: "b", score: 70, verdict: "pass", human_verdict: "fail" },
  ]);
});

test("a response's score belongs to the scenario it completes; a changed line has neither", () => {
  const live = addScores(
    addScores(noLiveScores, "scenario", [{ ...positive, text: "a", score: 90 }]),
    "response",
    [{ ...positive, text: "answer", scenario: "a", score: 80 }],
  );
  const merged = withLiveScores(vetting, live);
  const [line] = vettedLines(texts, merged);
  expect(line).toMatchObject({ scenario: { score: 90 }, response: { response: "answer", score: 80 } });
  const [edited] = vettedLines({ ...texts, "positive.txt": "a!\nb\n" }, merged);
  expect(edited).toMatchObject({ scenario: null, response: null });
});

test("all lines passing is complete; a line without a score is not", () => {
  const all = addScores(noLiveScores, "scenario", [
    { ...positive, text: "a", score: 90 },
    { ...positive, idx: 1, text: "b", score: 60 },
    { ...negative, text: "c", score: 0 },
    { ...negative, idx: 1, text: "d", score: 40 },
  ]);
  const merged = withLiveScores(vetting, all);
  expect(figuresOf(vettedLines(texts, merged), "scenario").complete).toBe(true);
  const longer = { ...texts, "negative.txt": "c\nd\ne\n" };
  expect(figuresOf(vettedLines(longer, merged), "scenario")).toMatchObject({ complete: false, open: 1 });
});
