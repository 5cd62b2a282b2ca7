import type { SteeringSample } from "#lib/pipeline/results.ts";

/** One question under one setting, beside its unsteered answer. */
export interface SamplePair {
  /** Its place in the samples file. */
  at: number;
  steered: SteeringSample;
  baseline: SteeringSample | undefined;
  /** Null where either has no trait score. */
  change: number | null;
}

export const sampleOrders = ["question", "most", "least"] as const;
export type SampleOrder = (typeof sampleOrders)[number];

/** Scores are those of the steered answer, bounds included. */
export interface SampleFilter {
  traitFrom: number;
  traitTo: number;
  coherenceFrom: number;
  coherenceTo: number;
  text: string;
  order: SampleOrder;
}

/** Both files hold the same questions in the same order. */
export function pairsOf(
  steered: readonly SteeringSample[],
  baseline: readonly SteeringSample[] | undefined,
): SamplePair[] {
  return steered.map((sample, at) => {
    const other = baseline?.[at];
    const change =
      sample.trait_score !== null && other?.trait_score != null
        ? sample.trait_score - other.trait_score
        : null;
    return { at, steered: sample, baseline: other, change };
  });
}

/** The pairs that pass, in order. One without a score passes only a range that is not narrowed. */
export function filterPairs(pairs: readonly SamplePair[], filter: SampleFilter): SamplePair[] {
  const { traitFrom, traitTo, coherenceFrom, coherenceTo, order } = filter;
  const text = filter.text.trim().toLowerCase();
  const within = (score: number | null, from: number, to: number) =>
    score === null ? from <= 0 && to >= 100 : score >= from && score <= to;
  const found = pairs.filter(
    ({ steered, baseline }) =>
      within(steered.trait_score, traitFrom, traitTo) &&
      within(steered.coherence_score, coherenceFrom, coherenceTo) &&
      [steered.question, steered.answer, baseline?.answer ?? ""].some((each) =>
        each.toLowerCase().includes(text),
      ),
  );
  if (order === "question") return found;
  const sign = order === "most" ? -1 : 1;
  return found.toSorted((a, b) => {
    if (a.change === null || b.change === null) return Number(a.change === null) - Number(b.change === null);
    return sign * (a.change - b.change);
  });
}
