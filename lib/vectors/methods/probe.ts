import { gramMatrix } from "#lib/core/linear.ts";
import { fitLogistic, primalSpace, spanSpace, type WeightSpace } from "#lib/core/logistic.ts";
import { unitVector, type VectorMethod } from "../method.ts";
import { type Rows, rowNorms, shiftedRows } from "../rows.ts";

/**
 * Logistic regression on rows scaled to unit L2 norm, penalty C = 1, free intercept: the optimum of scikit-learn's
 * `LogisticRegression(C=1, solver="lbfgs")` on the same rows. `norm` is ‖w‖; `bias` the intercept: a row a counts as
 * positive when w·a/‖a‖ + bias > 0. The fit itself gives the sign: it is never turned.
 */
export const probe: VectorMethod = {
  name: "probe",
  summary: "logistic regression on rows of unit length (C = 1)",
  extract(positives, negatives) {
    const { dim } = positives;
    const count = positives.count + negatives.count;
    const rows = new Float64Array(count * dim);
    rows.set(unitRows(positives));
    rows.set(unitRows(negatives), positives.count * dim);
    const positive = Array.from({ length: count }, (_, at) => at < positives.count);

    const whole = primalSpace(rows, dim);
    const inSpan = count < dim;
    const space = inSpan ? spanSpace(gramMatrix(rows, dim), count) : whole;
    const fit = fitLogistic(space, positive);
    const weights = inSpan ? whole.pull(fit.coefficients) : fit.coefficients;

    const logits = whole.logits(weights);
    const right = positive.filter(
      (isPositive, at) => (logits[at] as number) + fit.bias > 0 === isPositive,
    ).length;
    const { vector, norm } = unitVector(weights, "probe");
    return {
      vector,
      norm,
      bias: fit.bias,
      info: {
        iterations: fit.iterations,
        converged: fit.converged,
        gradient_max: largestGradient(whole, weights, logits, fit.bias, positive),
        train_accuracy: right / count,
        solved_in: inSpan ? "span of the rows" : "all dimensions",
      },
    };
  },
};

/** The rows scaled to unit norm, row-major; a zero row stays zero, as in scikit-learn's `normalize`. */
function unitRows(rows: Rows): Float64Array {
  const factors = rowNorms(rows).map((norm) => (norm > 0 ? 1 / norm : 0));
  return shiftedRows(rows, new Float64Array(rows.dim), factors);
}

/** ‖∇‖∞ of the objective in the full space, the intercept's derivative included: the proof of convergence. */
function largestGradient(
  space: WeightSpace,
  weights: Float64Array,
  logits: Float64Array,
  bias: number,
  positive: readonly boolean[],
): number {
  const residual = logits.map((logit, at) => 1 / (1 + Math.exp(-(logit + bias))) - (positive[at] ? 1 : 0));
  const ofWeights = space.pull(residual).map((value, at) => Math.abs(value + (weights[at] as number)));
  const ofBias = Math.abs(residual.reduce((total, value) => total + value, 0));
  return ofWeights.reduce((largest, value) => Math.max(largest, value), ofBias);
}
