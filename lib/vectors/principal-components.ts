import { addScaled, dot, multiply, multiplyTransposed, scaled } from "#lib/core/linear.ts";
import { createRng, hashSeed } from "#lib/core/rng.ts";
import { topEigenpair } from "./eigen.ts";
import { meanRow, type Rows, shiftedRows } from "./rows.ts";

export interface PrincipalComponents {
  /** Of each component, largest first: its share of the rows' variance, 0-1. */
  shares: number[];
  /** Of each component: every row's coordinate on it, about the mean row. */
  coordinates: Float64Array[];
}

/** Share of the variance below which a component is none. */
const ROUNDING = 1e-12;

/**
 * The leading principal components of rows about their mean. The sign of a component is free: turn it as you need.
 * Rows with less than `count` directions of variance give components of share 0.
 */
export function principalComponents(rows: Rows, count: number): PrincipalComponents {
  const { dim } = rows;
  const centred = shiftedRows(rows, meanRow(rows));
  const total = dot(centred, centred);
  const found: Float64Array[] = [];
  const withoutFound = (vector: Float64Array) => {
    const rest = vector.slice();
    for (const known of found) addScaled(rest, known, -dot(rest, known));
    return rest;
  };
  const shares: number[] = [];
  while (shares.length < count) {
    const scatter = (vector: Float64Array) =>
      withoutFound(multiplyTransposed(centred, dim, multiply(centred, dim, withoutFound(vector))));
    const top =
      total > 0 && found.length < dim
        ? topEigenpair(scatter, dim, createRng(hashSeed(`component ${found.length}`)))
        : null;
    // What is left of rows that have no further direction is rounding, and lies anywhere.
    const real = top && top.value > ROUNDING * total ? top : null;
    found.push(real?.vector ?? new Float64Array(dim));
    shares.push(real ? real.value / total : 0);
  }
  return { shares, coordinates: found.map((component) => multiply(centred, dim, component)) };
}

/** The coordinates, mirrored where the second group of rows lies above the first. */
export function turned(coordinates: Float64Array, isFirst: (row: number) => boolean): Float64Array {
  const mean = (first: boolean) => {
    const group = coordinates.filter((_, row) => isFirst(row) === first);
    return group.reduce((sum, value) => sum + value, 0) / Math.max(group.length, 1);
  };
  return mean(true) < mean(false) ? scaled(coordinates, -1) : coordinates;
}
