import { expect, test } from "vitest";
import type { VettedLine } from "#lib/pipeline/vetting-view.ts";
import { gutterScores } from "./gutter-scores.ts";
import { missingPairs, remedyOf, vetLabel } from "./loop.ts";

test("what is missing below 15 and 100 pairs is said", () => {
  expect(missingPairs(1)).toMatch(/^1 pair: write 14 more .* \(15\), 99 more .* \(100\)\.$/);
  expect(missingPairs(15)).toMatch(/^15 pairs: 85 more/);
  expect(missingPairs(100)).toBeNull();
});

test("the button says how many lines are judged again, once there are results", () => {
  expect(vetLabel("Vet scenarios", { lines: 8, open: 8 })).toBe("Vet scenarios");
  expect(vetLabel("Vet scenarios", { lines: 8, open: 0 })).toBe("Vet scenarios");
  expect(vetLabel("Vet scenarios", { lines: 1200, open: 1100 })).toBe("Re-vet 1,100 changed");
});

test("a refusal leads to where it is mended", () => {
  const refusals = {
    "datasets/traits/a/b/definition.txt is not there: the judge scores by it": "write",
    "datasets/traits/a/b: 3 positive but 2 negative scenarios; add 1 to negative.txt": "write",
    "the built-in judge knows only optimism, not hope: configure a judge endpoint for it": "judge",
    "model x has no chat template": null,
  };
  for (const [message, place] of Object.entries(refusals)) expect(remedyOf(message)).toBe(place);
});

test("the gutter shows the verdict that counts, and says both", () => {
  const line: VettedLine = {
    polarity: "positive",
    index: 0,
    line: 2,
    text: "a",
    partner: null,
    scenario: { idx: 0, polarity: "positive", score: 50.4, verdict: "ambiguous", human_verdict: "pass" },
    response: null,
  };
  const failed: VettedLine = {
    ...line,
    polarity: "negative",
    scenario: { idx: 0, polarity: "negative", score: 90, verdict: "fail" },
  };
  const { positive, negative } = gutterScores([line, failed], "scenario");
  expect([...positive]).toEqual([
    [2, { score: 50.4, verdict: "passed", human: true, title: "scenario: you: pass; judge 50 (ambiguous)" }],
  ]);
  expect(negative.get(2)).toMatchObject({ score: 90, verdict: "failed", human: false });
  expect(gutterScores([line], "response").positive.size).toBe(0);
});
