import { qualityFloors } from "#lib/core/thresholds.ts";
import type { SteeringFile, SteeringRun } from "./results.ts";

/**
 * A setting of which less than this share could be judged is not called the best: judges fail on broken text first, so
 * the mean coherence of what is left would flatter it.
 */
export const leastJudged = 0.8;

export interface Ranking {
  /** Settings of which enough could be judged. */
  judged: SteeringRun[];
  /** Those of `judged` whose mean coherence is at or above the floor. */
  coherent: SteeringRun[];
  /** Best first: the coherent ones by delta; where there is none, the judged ones by coherence. */
  ranked: SteeringRun[];
}

/** The rule by which the best setting is chosen. @param questions asked of every setting */
export function rankRuns(runs: readonly SteeringRun[], questions: number): Ranking {
  const judged = runs.filter(({ result }) => {
    const { delta, coherence_mean, n_questions, judged_share } = result;
    return (
      delta !== null &&
      coherence_mean !== null &&
      typeof n_questions === "number" &&
      n_questions >= questions * leastJudged &&
      (typeof judged_share !== "number" || judged_share >= leastJudged)
    );
  });
  const coherent = judged.filter(
    ({ result }) => (result.coherence_mean ?? 0) >= qualityFloors.steeringCoherence,
  );
  const value = ({ result }: SteeringRun) =>
    (coherent.length > 0 ? result.delta : result.coherence_mean) ?? Number.NEGATIVE_INFINITY;
  const ranked = (coherent.length > 0 ? coherent : judged).toSorted((a, b) => value(b) - value(a));
  return { judged, coherent, ranked };
}

/**
 * The largest delta among coherent runs; where none is coherent, the most coherent one, marked as such. Null when
 * nothing could be judged.
 */
export function bestRun(runs: readonly SteeringRun[], questions: number): SteeringFile["best"] {
  const { coherent, ranked } = rankRuns(runs, questions);
  const [run] = ranked;
  const { delta, coherence_mean: coherence } = run?.result ?? { delta: null, coherence_mean: null };
  if (!run || delta === null || coherence === null) return null;
  const [vector] = run.config.vectors;
  return {
    layer: vector?.layer ?? 0,
    method: vector?.method ?? "",
    coef: run.coef,
    coef_ratio: run.coef_ratio,
    delta,
    delta_ci: run.result.delta_ci,
    trait_mean: run.result.trait_mean,
    coherence,
    coherent: coherent.length > 0,
    outside_random_band: run.result.outside_random_band,
    samples: run.samples,
    reason:
      coherent.length > 0
        ? `largest delta among ${coherent.length} of ${runs.length} settings with coherence >= ${qualityFloors.steeringCoherence}`
        : `no setting reached coherence ${qualityFloors.steeringCoherence}: this is the most coherent of ${runs.length}`,
  };
}
