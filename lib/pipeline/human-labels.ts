import { z } from "zod";
import type { Polarity } from "#lib/core/names.ts";
import { type Thresholds, verdictOf } from "#lib/core/thresholds.ts";
import { parseJsonl } from "#lib/formats/jsonl.ts";

export const vettingKinds = ["scenario", "response"] as const;
/** What was vetted: a scenario by the completion it leads to, or a response by itself. */
export type VettingKind = (typeof vettingKinds)[number];

/** What a person says of a vetted text; both null takes back what was said before. */
export const humanVerdictSchema = z.object({
  verdict: z.enum(["pass", "fail"]).nullable(),
  /** How strongly it shows the trait, 0-100; null where only pass or fail was said. */
  score: z.number().min(0).max(100).nullable(),
});
export type HumanVerdict = z.infer<typeof humanVerdictSchema>;

const polarity = z.enum(["positive", "negative"]);

export const labelSchema = humanVerdictSchema.extend({
  at: z.string(),
  kind: z.enum(vettingKinds),
  polarity,
  text: z.string(),
  /** The judge's own score of the text, and which judge that was: what calibration compares. */
  judge_score: z.number().nullable(),
  judge: z.string(),
});
/** A line of `vetting/human_labels.jsonl`. Only added to: of one text, the last line counts. */
export type HumanLabel = z.infer<typeof labelSchema>;

/** Reads `human_labels.jsonl`; none where there is no file. Throws `invalid-file` with the line. */
export function parseHumanLabels(text: string | null, path: string): HumanLabel[] {
  return text === null ? [] : parseJsonl(text, path, labelSchema, { allowHalfLastLine: true });
}

/** What a person last said of each text of one kind, by `labelKey`; what was taken back is null. */
export function lastLabels(labels: readonly HumanLabel[], kind: VettingKind): Map<string, HumanLabel | null> {
  return new Map(
    labels
      .filter((label) => label.kind === kind)
      .map((label) => [labelKey(label), label.verdict === null && label.score === null ? null : label]),
  );
}

/** A verdict is about a text, wherever its line stands. */
export function labelKey({ polarity, text }: { polarity: Polarity; text: string }): string {
  return `${polarity} ${text}`;
}

/** The steps of a person's 1 to 5 on the judge's scale. */
export function scoreOfStep(step: 1 | 2 | 3 | 4 | 5): number {
  return (step - 1) * 25;
}

/** What a person's score means at the thresholds: what is ambiguous does not pass. */
export function verdictOfScore(score: number, side: Polarity, thresholds: Thresholds): "pass" | "fail" {
  return verdictOf(score, side, thresholds) === "pass" ? "pass" : "fail";
}
