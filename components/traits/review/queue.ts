import type { Polarity } from "#lib/core/names.ts";
import type { Verdict } from "#lib/core/thresholds.ts";
import type { FailureKind } from "#lib/pipeline/failure-kinds.ts";
import { labelKey, type VettingKind } from "#lib/pipeline/human-labels.ts";
import { effectiveVerdict, type Vetted } from "#lib/pipeline/vetting.ts";
import { lineFailure, type VettedLine } from "#lib/pipeline/vetting-view.ts";

export const shows = ["failed", "all", "changed"] as const;
export type Show = (typeof shows)[number];

/** A line of the trait in the light of one kind of vetting. */
export interface QueueItem {
  /** `positive-12`: side and line. */
  id: string;
  /** Of its text: an edited line has another. */
  key: string;
  line: VettedLine;
  /** Null where this text was not vetted. */
  result: Vetted | null;
  /** The one that counts; null without a result. */
  verdict: Verdict | null;
  failure: FailureKind | null;
}

export function queueItems(lines: readonly VettedLine[], kind: VettingKind): QueueItem[] {
  return lines.map((line) => {
    const result = line[kind];
    return {
      id: `${line.polarity}-${line.line}`,
      key: labelKey(line),
      line,
      result,
      verdict: result && effectiveVerdict(result),
      failure: lineFailure(line, kind),
    };
  });
}

export interface QueueFilter {
  show: Show;
  /** Null: both. */
  polarity: Polarity | null;
  failure: FailureKind | null;
  /** Both inclusive. A text without a score is in the whole range only. */
  min: number;
  max: number;
}

export const wholeRange = { min: 0, max: 100 } as const;

export function inQueue(item: QueueItem, filter: QueueFilter): boolean {
  const { verdict, result, line } = item;
  if (filter.show === "failed" && (verdict === null || verdict === "pass")) return false;
  if (filter.show === "changed" && verdict !== null) return false;
  if (filter.polarity !== null && line.polarity !== filter.polarity) return false;
  if (filter.failure !== null && item.failure !== filter.failure) return false;
  if (filter.min <= wholeRange.min && filter.max >= wholeRange.max) return true;
  const score = result?.score ?? null;
  return score !== null && score >= filter.min && score <= filter.max;
}

/**
 * The item `step` places from `id` among the shown ones; from an item that is not shown, the next or previous in the
 * order of `all`. At an end it stays there. Null where nothing is shown.
 */
export function neighbour(
  shown: readonly QueueItem[],
  all: readonly QueueItem[],
  id: string | null,
  step: number,
): string | null {
  if (shown.length === 0) return null;
  const clamp = (at: number) => shown[Math.min(Math.max(at, 0), shown.length - 1)]?.id ?? null;
  const here = shown.findIndex((item) => item.id === id);
  if (here !== -1) return clamp(here + step);
  const order = new Map(all.map((item, at) => [item.id, at]));
  const place = order.get(id ?? "");
  if (place === undefined) return clamp(0);
  const after = shown.findIndex((item) => (order.get(item.id) ?? 0) > place);
  const next = after === -1 ? shown.length : after;
  return clamp(step > 0 ? next + step - 1 : next + step);
}

export const binWidth = 5;

/** How many scores there are of each 5 points, by side; 100 is in the last. */
export function scoreBins(items: readonly QueueItem[]): Record<Polarity, number>[] {
  const bins = Array.from({ length: 100 / binWidth }, () => ({ positive: 0, negative: 0 }));
  for (const { result, line } of items) {
    if (result?.score == null) continue;
    const bin = bins[Math.min(Math.floor(result.score / binWidth), bins.length - 1)];
    if (bin) bin[line.polarity] += 1;
  }
  return bins;
}

export interface QueueCounts extends Record<Verdict, number> {
  changed: number;
  /** Passed of all with a verdict, 0-1; null where none has. */
  rate: number | null;
}

export function countItems(items: readonly QueueItem[]): QueueCounts {
  const counts = { pass: 0, fail: 0, ambiguous: 0, error: 0, changed: 0 };
  for (const { verdict } of items) counts[verdict ?? "changed"] += 1;
  const decided = counts.pass + counts.fail + counts.ambiguous;
  return { ...counts, rate: decided === 0 ? null : counts.pass / decided };
}

const EXAMPLES = 50;

/** Some of the scenarios that pass by themselves, by side: 0-based. */
export function passedIndices(items: readonly QueueItem[]): Record<Polarity, number[]> {
  const passed = (side: Polarity) =>
    items
      .filter(
        ({ line }) => line.polarity === side && line.scenario && effectiveVerdict(line.scenario) === "pass",
      )
      .slice(0, EXAMPLES)
      .map(({ line }) => line.index);
  return { positive: passed("positive"), negative: passed("negative") };
}
