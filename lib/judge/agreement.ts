import { AppError } from "#lib/core/errors.ts";
import { spearman } from "#lib/core/statistics.ts";

/** How well a judge's scores follow human labels on the same texts. */
export interface Agreement {
  /** Labelled texts with a score. */
  n: number;
  /** Texts that the judge gave no score; they are in no figure. */
  missing: number;
  /** Rank correlation; null where one side is constant or nothing is scored. */
  spearman: number | null;
  /** Mean absolute difference on the 0-100 scale; null where nothing is scored. */
  mae: number | null;
}

/** @param scores the judge's, null for an error @param labels 0-100, of the same texts in the same order */
export function agreement(scores: readonly (number | null)[], labels: readonly number[]): Agreement {
  if (scores.length !== labels.length) {
    throw new AppError(
      "invalid-input",
      `${scores.length} scores for ${labels.length} labels: one each is needed`,
    );
  }
  const pairs = scores.flatMap((score, at) => {
    const label = labels[at];
    return score === null || label === undefined ? [] : [{ score, label }];
  });
  const n = pairs.length;
  const distance = pairs.reduce((sum, { score, label }) => sum + Math.abs(score - label), 0);
  return {
    n,
    missing: scores.length - n,
    spearman:
      n < 2
        ? null
        : spearman(
            pairs.map(({ score }) => score),
            pairs.map(({ label }) => label),
          ),
    mae: n === 0 ? null : distance / n,
  };
}
