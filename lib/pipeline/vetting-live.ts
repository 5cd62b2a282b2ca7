import { type Thresholds, verdictOf } from "#lib/core/thresholds.ts";
import type { JudgedScore } from "./events.ts";
import { labelKey, type VettingKind } from "./human-labels.ts";
import { summarise, type Vetted, type VettingFile, withLabels } from "./vetting.ts";
import type { TraitVetting } from "./vetting-api.ts";
import type { VettedLine } from "./vetting-view.ts";

/** Scores that a run told before its files were written, by the `labelKey` of the scenario they belong to. */
export type LiveScores = Readonly<Record<VettingKind, ReadonlyMap<string, JudgedScore>>>;

export const noLiveScores: LiveScores = { scenario: new Map(), response: new Map() };

export function addScores(live: LiveScores, kind: VettingKind, scores: readonly JudgedScore[]): LiveScores {
  const known = new Map(live[kind]);
  for (const score of scores) known.set(keyOf(kind, score), score);
  return { ...live, [kind]: known };
}

function keyOf(kind: VettingKind, { polarity, text, scenario }: JudgedScore): string {
  return labelKey({ polarity, text: kind === "scenario" ? text : (scenario ?? "") });
}

/** A trait's vetting with what was judged since its files were read; a person's verdicts on the same texts stay. */
export function withLiveScores(vetting: TraitVetting, live: LiveScores): TraitVetting {
  return {
    ...vetting,
    scenarios: mergedFile(vetting, "scenario", live),
    responses: mergedFile(vetting, "response", live),
  };
}

function mergedFile(vetting: TraitVetting, kind: VettingKind, live: LiveScores): VettingFile | null {
  const file = kind === "scenario" ? vetting.scenarios : vetting.responses;
  const scores = live[kind];
  if (scores.size === 0) return file;
  const before = new Map(
    (file?.results ?? []).map((result) => [
      labelKey({ polarity: result.polarity, text: result.scenario ?? "" }),
      result,
    ]),
  );
  const judged = [...scores].map(([key, score]) =>
    vettedOf(kind, score, vetting.thresholds, before.get(key)),
  );
  const results = [...[...before].flatMap(([key, result]) => (scores.has(key) ? [] : [result])), ...judged];
  const { experiment, trait, thresholds, judge } = vetting;
  const merged: VettingFile = {
    ...(file ?? { experiment, trait, trait_definition: "", judge: { model: judge.model } }),
    thresholds,
    ...summarise(results),
    results,
  };
  return withLabels(merged, kind, vetting.labels);
}

function vettedOf(
  kind: VettingKind,
  { polarity, idx, text, scenario, score }: JudgedScore,
  thresholds: Thresholds,
  before: Vetted | undefined,
): Vetted {
  const human = before?.[kind] === text ? before : undefined;
  return {
    idx,
    polarity,
    score,
    verdict: verdictOf(score, polarity, thresholds),
    ...(human?.human_verdict ? { human_verdict: human.human_verdict } : {}),
    ...(human?.human_score == null ? {} : { human_score: human.human_score }),
    ...(scenario === undefined ? {} : { scenario }),
    [kind]: text,
  };
}

/** How far the vetting of a trait's lines is, one kind of it. */
export interface VettingFigures {
  lines: number;
  /** Lines whose present text has no score yet: new, or changed since. */
  open: number;
  passed: number;
  /** Judged, and no pass: failed, ambiguous or the judge's error. */
  notPassed: number;
  summary: VettingFile["summary"];
  /** Every line passes. */
  complete: boolean;
}

/** Counts the lines as they are now: a result whose line is gone counts no more. */
export function figuresOf(lines: readonly VettedLine[], kind: VettingKind): VettingFigures {
  const results = lines.flatMap((line) => line[kind] ?? []);
  const { summary } = summarise(results);
  const passed = summary.positive_passed + summary.negative_passed;
  return {
    lines: lines.length,
    open: lines.length - results.length,
    passed,
    notPassed: results.length - passed,
    summary,
    complete: lines.length > 0 && passed === lines.length,
  };
}
