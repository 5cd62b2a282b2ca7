import { AppError } from "#lib/core/errors.ts";
import { createRng, hashSeed } from "#lib/core/rng.ts";
import {
  auroc,
  aurocInterval,
  bootstrapInterval,
  type Interval,
  intervalsOverlap,
  mean,
  sampleVariance,
  wilsonInterval,
} from "#lib/core/statistics.ts";
import { checkRows, project, type Rows, rowNorms } from "./rows.ts";

/** What a vector is judged by: its direction and, where its method has one, its own decision rule. */
export interface Decider {
  /** [dim], unit norm. */
  vector: Float32Array;
  /** Norm before normalising; read only together with `bias`. */
  norm: number;
  bias?: number;
}

/** When a row counts as positive: score > threshold, the score being a·v, or (a·v)/‖a‖ for unit rows. */
export interface DecisionRule {
  threshold: number;
  /** The rule was fitted on rows of unit length (probe), so ‖a‖ divides the projection. */
  unitRows: boolean;
}

/** How well a vector separates validation rows; nothing is fitted on them. Shares are 0-1, intervals 95 %. */
export interface VectorEvaluation {
  /** Mean of the two sides' shares of right decisions. */
  val_accuracy: number;
  /** Wilson, over the effective number of rows. */
  val_accuracy_ci: [number, number];
  /** Of the projections a·v; ties count one half. */
  val_auroc: number;
  /** DeLong; [0, 1] with a single row on a side, from which nothing follows. */
  val_auroc_ci: [number, number];
  /** Cohen's d of the projections, |Δμ|/√((s₊² + s₋²)/2), at most 1e6; null with a single row on a side. */
  val_effect_size: number | null;
  /** Percentile bootstrap, 1,000 seeded resamples. */
  val_effect_size_ci: [number, number] | null;
  /** The positives' mean projection is the higher one. */
  polarity_correct: boolean;
  /** Of the decision rule; for a probe in units of (a·v)/‖a‖. */
  threshold: number;
  n_val_pos: number;
  n_val_neg: number;
}

// A class without spread would make d infinite, which no file can hold.
const LARGEST_EFFECT = 1e6;

/**
 * The rule a vector decides by: the method's own where it has one (probe: (a·v)/‖a‖ > −bias/norm), else a·v above the
 * midpoint of the two training class means.
 */
export function decisionRule({ vector, norm, bias }: Decider, trainP: Rows, trainN: Rows): DecisionRule {
  if (bias !== undefined) return { threshold: -bias / norm, unitRows: true };
  const midpoint = ((mean(project(trainP, vector)) ?? 0) + (mean(project(trainN, vector)) ?? 0)) / 2;
  return { threshold: midpoint, unitRows: false };
}

/** The share of rows on their side of the threshold, [positives, negatives]. */
export function sharesRight(
  vector: Float32Array,
  rule: DecisionRule,
  positives: Rows,
  negatives: Rows,
): [number, number] {
  const above = (rows: Rows) => {
    const projections = project(rows, vector);
    const norms = rule.unitRows ? rowNorms(rows) : null;
    return projections.filter((value, at) => value / (norms?.[at] || 1) > rule.threshold).length / rows.count;
  };
  return [above(positives), 1 - above(negatives)];
}

/**
 * Judges a vector on validation rows.
 * @param seed of the bootstrap
 * Throws `invalid-input` when a side has no row or a row is not finite.
 */
export function evaluateVector(
  decider: Decider,
  train: { positives: Rows; negatives: Rows },
  validation: { positives: Rows; negatives: Rows },
  { seed }: { seed: number },
): VectorEvaluation {
  const { positives, negatives } = validation;
  checkRows(train.positives, "positive training rows");
  checkRows(train.negatives, "negative training rows");
  checkRows(positives, "positive validation rows");
  checkRows(negatives, "negative validation rows");
  checkWidth(decider.vector, [train.positives, train.negatives, positives, negatives]);

  const rule = decisionRule(decider, train.positives, train.negatives);
  const [rightPositives, rightNegatives] = sharesRight(decider.vector, rule, positives, negatives);
  const accuracy = (rightPositives + rightNegatives) / 2;
  // The variance of a mean of two shares is that of one share over this many rows: n for sides of equal size.
  const effectiveRows = (4 * positives.count * negatives.count) / (positives.count + negatives.count);

  const projectedP = project(positives, decider.vector);
  const projectedN = project(negatives, decider.vector);
  const effect = cohensD(projectedP, projectedN);
  const effectInterval =
    effect === null
      ? null
      : bootstrapInterval([projectedP, projectedN], cohensD, createRng(hashSeed("effect size", seed)));
  return {
    val_accuracy: accuracy,
    val_accuracy_ci: pair(wilsonInterval(accuracy * effectiveRows, effectiveRows)) ?? [0, 1],
    val_auroc: auroc(projectedP, projectedN) ?? 0.5,
    val_auroc_ci: pair(aurocInterval(projectedP, projectedN)) ?? [0, 1],
    val_effect_size: effect,
    val_effect_size_ci: pair(effectInterval),
    polarity_correct: (mean(projectedP) ?? 0) > (mean(projectedN) ?? 0),
    threshold: rule.threshold,
    n_val_pos: positives.count,
    n_val_neg: negatives.count,
  };
}

function pair(interval: Interval | null): [number, number] | null {
  return interval ? [interval[0], interval[1]] : null;
}

/** Throws `invalid-input` for rows of another width. */
export function checkWidth(vector: Float32Array, sides: readonly Rows[]): void {
  const other = sides.find((rows) => rows.dim !== vector.length);
  if (other) {
    throw new AppError(
      "invalid-input",
      `a vector of ${vector.length} numbers does not fit activations of ${other.dim}: they come from different models`,
    );
  }
}

/**
 * |Cohen's d|, |Δμ|/√((s₊² + s₋²)/2) with sample variances, at most 1e6 (classes without spread).
 * Null with fewer than two values on a side.
 */
export function cohensD(positives: ArrayLike<number>, negatives: ArrayLike<number>): number | null {
  const varianceP = sampleVariance(positives);
  const varianceN = sampleVariance(negatives);
  if (varianceP === null || varianceN === null) return null;
  const distance = Math.abs((mean(positives) ?? 0) - (mean(negatives) ?? 0));
  if (distance === 0) return 0;
  return Math.min(LARGEST_EFFECT, distance / Math.sqrt((varianceP + varianceN) / 2));
}

/**
 * combined_score of every result of one trait, in order: (accuracy + d/d_max)/2, or 0 for a wrong polarity. d_max is the
 * largest effect size among them; an effect size that does not exist adds nothing.
 */
export function combinedScores(
  results: readonly Pick<VectorEvaluation, "val_accuracy" | "val_effect_size" | "polarity_correct">[],
): number[] {
  const largest = results.reduce((max, result) => Math.max(max, result.val_effect_size ?? 0), 0);
  return results.map((result) => {
    const relative = largest > 0 ? (result.val_effect_size ?? 0) / largest : 0;
    return result.polarity_correct ? (result.val_accuracy + relative) / 2 : 0;
  });
}

/** True when a result cannot be told from a random vector's: their AUROC intervals overlap. */
export function overlapsRandom(
  result: Pick<VectorEvaluation, "val_auroc_ci">,
  ofRandom: Pick<VectorEvaluation, "val_auroc_ci">,
): boolean {
  return intervalsOverlap(result.val_auroc_ci, ofRandom.val_auroc_ci);
}
