import { describe, expect, it } from "vitest";
import type { Vetted, VettingFile } from "./vetting.ts";
import { lineFailure, outdated, vettedLines } from "./vetting-view.ts";

function fileOf(results: Vetted[]): VettingFile {
  return {
    experiment: "e",
    trait: "c/t",
    trait_definition: "Rubric.",
    thresholds: { pos_threshold: 60, neg_threshold: 40 },
    judge: {},
    summary: { positive_passed: 0, positive_failed: 0, negative_passed: 0, negative_failed: 0, errors: 0 },
    failed_indices: { positive: [], negative: [] },
    results,
  };
}

const result = (
  polarity: Vetted["polarity"],
  idx: number,
  scenario: string,
  more: Partial<Vetted> = {},
): Vetted => ({
  idx,
  polarity,
  score: 80,
  verdict: polarity === "positive" ? "pass" : "fail",
  scenario,
  ...more,
});

const texts = { "positive.txt": "one\n\ntwo\nthree\n", "negative.txt": "uno\ndos\n" };

describe("a trait's lines with their results", () => {
  it("finds results by text: a moved line keeps its own, a changed one has none", () => {
    const scenarios = fileOf([
      result("positive", 0, "two"),
      result("positive", 5, "three"),
      result("negative", 0, "three"),
      result("positive", 1, "won"),
    ]);
    const lines = vettedLines(texts, { scenarios, responses: null });
    expect(
      lines.map(({ polarity, index, line, text, scenario }) => [polarity, index, line, text, scenario?.idx]),
    ).toEqual([
      ["positive", 0, 1, "one", undefined],
      ["positive", 1, 3, "two", 0],
      ["positive", 2, 4, "three", 5],
      ["negative", 0, 1, "uno", undefined],
      ["negative", 1, 2, "dos", undefined],
    ]);
    expect(lines.map(({ partner }) => partner)).toEqual(["uno", "dos", null, "one", "two"]);
  });

  it("finds a response by the scenario that it completes", () => {
    const responses = fileOf([
      result("negative", 7, "dos", { response: "answer" }),
      result("negative", 8, "uno", { response: "old", scenario: undefined }),
    ]);
    const lines = vettedLines(texts, { scenarios: null, responses });
    expect(lines.map(({ response }) => response?.response)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      "answer",
    ]);
  });

  it("reads a system prompt as part of the text, and leaves out lines that cannot be read", () => {
    const jsonl = {
      "positive.jsonl": '{"prompt": "p", "system_prompt": "s"}\nnot json\n',
      "negative.txt": "n\n",
    };
    const lines = vettedLines(jsonl, {
      scenarios: fileOf([result("positive", 0, "s\n\np")]),
      responses: null,
    });
    expect(lines.map(({ text }) => text)).toEqual(["s\n\np", "n"]);
    expect(lines[0]?.scenario?.score).toBe(80);
  });

  it("tells the failure by the verdict that counts", () => {
    const of = (human_verdict: "pass" | "fail" | null) => {
      const scenarios = fileOf([result("negative", 0, "uno", { human_verdict })]);
      const line = vettedLines(texts, { scenarios, responses: null }).find(({ text }) => text === "uno");
      return line && [lineFailure(line, "scenario"), lineFailure(line, "response")];
    };
    expect(of(null)).toEqual(["the topic triggers the wrong behaviour", null]);
    expect(of("pass")).toEqual([null, null]);
  });

  it("says what no longer holds", () => {
    const thresholds = { pos_threshold: 60, neg_threshold: 40 };
    expect(outdated(fileOf([]), { definition: "Rubric.\n", thresholds })).toEqual([]);
    expect(
      outdated(fileOf([]), { definition: null, thresholds: { ...thresholds, pos_threshold: 70 } }),
    ).toEqual(["the definition was changed", "the thresholds were 60 and 40"]);
  });
});
