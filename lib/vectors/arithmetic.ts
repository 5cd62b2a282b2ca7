import { addScaled, dot, norm, scaled } from "#lib/core/linear.ts";

// Arithmetic is done on raw vectors, unit vector times norm: so 2v steers at coefficient c as v does at 2c.

/** A vector as files hold it: unit length, or zeros with norm 0. */
export interface StoredVector {
  vector: Float32Array<ArrayBuffer>;
  norm: number;
}

/** Lengths below this share of what went in are rounding: float32 holds 24 bits. */
const ROUNDING = 1e-6;
const UNIT = 1e-6;

/** The raw vector [hidden] in float64. */
export function rawOf({
  vector,
  norm: length,
}: Pick<StoredVector, "norm"> & { vector: ArrayLike<number> }): Float64Array {
  return Float64Array.from(vector, (value) => value * length);
}

/**
 * A raw vector as it is stored. A vector of unit length keeps its very values.
 * @param scale length of what it was made of: much shorter is zero, since only rounding is left of it
 */
export function unitOf(raw: ArrayLike<number>, scale = 0): StoredVector {
  const length = norm(raw);
  if (length === 0 || length < ROUNDING * scale) return { vector: new Float32Array(raw.length), norm: 0 };
  const factor = Math.abs(length - 1) < UNIT ? 1 : length;
  return { vector: Float32Array.from(raw, (value) => value / factor), norm: factor };
}

/** Σ factor · vector. */
export function weightedSum(
  terms: readonly { factor: number; vector: Float64Array }[],
  hidden: number,
): Float64Array {
  const sum = new Float64Array(hidden);
  for (const { factor, vector } of terms) addScaled(sum, vector, factor);
  return sum;
}

/** The mean of some vectors, at least one. */
export function average(vectors: readonly Float64Array[]): Float64Array {
  const terms = vectors.map((vector) => ({ factor: 1 / vectors.length, vector }));
  return weightedSum(terms, vectors[0]?.length ?? 0);
}

/**
 * What is left of a vector without its part in the span of the others: orthogonal to every one of them, and to every
 * sum of them. Others that depend on each other, or are zero, are no harm.
 */
export function orthogonalised(vector: Float64Array, others: readonly Float64Array[]): Float64Array {
  const basis: Float64Array[] = [];
  for (const other of others) {
    const rest = without(other, basis);
    const length = norm(rest);
    if (length > ROUNDING * norm(other)) basis.push(scaled(rest, 1 / length));
  }
  return without(vector, basis);
}

/** Minus its part in an orthonormal basis. Twice: the second pass removes what rounding left (Kahan). */
function without(vector: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const rest = vector.slice();
  for (let pass = 0; pass < 2; pass++) {
    for (const member of basis) addScaled(rest, member, -dot(rest, member));
  }
  return rest;
}
