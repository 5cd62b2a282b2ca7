import type { Polarity } from "#lib/core/names.ts";
import { type Thresholds, type Verdict, verdictOf } from "#lib/core/thresholds.ts";
import { type Agreement, agreement } from "#lib/judge/agreement.ts";
import { type HumanLabel, lastLabels, type VettingKind } from "./human-labels.ts";

/** Labels that figures need before they say anything. */
export const labelsForCalibration = 20;

/** How a judge's scores follow what a person said of the same texts. */
export interface Calibration extends Agreement {
  /** Texts with a person's verdict: by what the person said, then by the judge's verdict at the thresholds. */
  confusion: Record<"pass" | "fail", Record<Verdict, number>>;
  /** Texts in the confusion. */
  verdicts: number;
}

/** @param judge as `judgeName` writes it: labels of texts that another judge scored are left out */
export function calibrate(
  labels: readonly HumanLabel[],
  kind: VettingKind,
  judge: string,
  thresholds: Thresholds,
): Calibration {
  const own = [...lastLabels(labels, kind).values()].flatMap((label) =>
    label && label.judge === judge ? [label] : [],
  );
  const row = () => ({ pass: 0, ambiguous: 0, fail: 0, error: 0 });
  const confusion = { pass: row(), fail: row() };
  for (const { verdict, judge_score, polarity } of own) {
    if (verdict) confusion[verdict][verdictOf(judge_score, polarity, thresholds)] += 1;
  }
  const scored = own.flatMap(({ score, judge_score }) => (score === null ? [] : [{ score, judge_score }]));
  return {
    ...agreement(
      scored.map(({ judge_score }) => judge_score),
      scored.map(({ score }) => score),
    ),
    confusion,
    verdicts: own.filter(({ verdict }) => verdict !== null).length,
  };
}

/** Which judge scored a vetting file's texts: endpoint, model and prompts. */
export function judgeName(judge: Record<string, unknown>): string {
  return ["endpoint", "model", "promptVersion"].map((field) => String(judge[field] ?? "?")).join(" ");
}

/** What would pass at other thresholds. */
export function passesAt(
  results: readonly { score: number | null; polarity: Polarity }[],
  thresholds: Thresholds,
): Record<Verdict, number> {
  const counts = { pass: 0, ambiguous: 0, fail: 0, error: 0 };
  for (const { score, polarity } of results) counts[verdictOf(score, polarity, thresholds)] += 1;
  return counts;
}
