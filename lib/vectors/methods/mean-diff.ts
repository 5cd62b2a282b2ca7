import { subtract } from "#lib/core/linear.ts";
import { orientedUnit, type VectorMethod } from "../method.ts";
import { meanRow } from "../rows.ts";

/** mean(P) − mean(N), the difference of class means (CAA: Rimsky et al. 2023). `norm` is that of the difference. */
export const meanDiff: VectorMethod = {
  name: "mean_diff",
  summary: "difference of the class means",
  extract(positives, negatives) {
    const difference = subtract(meanRow(positives), meanRow(negatives));
    const { vector, norm } = orientedUnit(difference, positives, negatives, "mean_diff");
    return { vector, norm, info: {} };
  },
};
