import { dot, multiply, multiplyTransposed, scaled } from "#lib/core/linear.ts";
import { createRng, hashSeed } from "#lib/core/rng.ts";
import { topEigenpair } from "../eigen.ts";
import { orientedUnit, type VectorMethod } from "../method.ts";
import { meanRow, type Rows, row, shiftedRows, stackRows } from "../rows.ts";

/**
 * First principal component, signed by the labels. With pairs: of the pairs recentred on their midpoints, the direction
 * that maximises Σ ((pᵢ − nᵢ)·v)² (RepE: Zou et al. 2023; repeng's `pca_center`). Centring the differences on their own
 * mean instead would remove the very contrast. Without pairs: of all rows about the midpoint of the two class means;
 * `info.note` says so. `norm` is the standard deviation along the component.
 */
export const pca: VectorMethod = {
  name: "pca",
  summary: "first principal component of the contrast pairs",
  extract(positives, negatives, { seed, pairs = [] }) {
    const { dim } = positives;
    const centred =
      pairs.length > 0 ? halfDifferences(positives, negatives, pairs) : aboutMidpoint(positives, negatives);
    const count = centred.length / dim;
    const scatter = (vector: Float64Array) =>
      scaled(multiplyTransposed(centred, dim, multiply(centred, dim, vector)), 1 / count);
    const top = topEigenpair(scatter, dim, createRng(hashSeed("pca", seed)));
    // A zero direction: orientedUnit says what that means.
    const { vector } = orientedUnit(top?.vector ?? new Float64Array(dim), positives, negatives, "pca");
    const variance = top?.value ?? 0;
    return {
      vector,
      norm: Math.sqrt(variance),
      info: {
        explained_variance_ratio: variance / (dot(centred, centred) / count),
        converged: top?.converged ?? false,
        pairs: pairs.length,
        ...(pairs.length === 0
          ? { note: "no pairs: component of all rows about the midpoint of the class means" }
          : {}),
      },
    };
  },
};

/** (pᵢ − nᵢ)/2 of every pair [pairs, dim]; their mirror images −(pᵢ − nᵢ)/2 would change no component. */
function halfDifferences(
  positives: Rows,
  negatives: Rows,
  pairs: readonly (readonly [number, number])[],
): Float64Array {
  const result = new Float64Array(pairs.length * positives.dim);
  pairs.forEach(([inPositives, inNegatives], at) => {
    const negative = row(negatives, inNegatives);
    row(positives, inPositives).forEach((value, d) => {
      result[at * positives.dim + d] = (value - (negative[d] as number)) / 2;
    });
  });
  return result;
}

function aboutMidpoint(positives: Rows, negatives: Rows): Float64Array {
  const meanOfNegatives = meanRow(negatives);
  const midpoint = meanRow(positives).map((value, d) => (value + (meanOfNegatives[d] as number)) / 2);
  return shiftedRows(stackRows(positives, negatives), midpoint);
}
