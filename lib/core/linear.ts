/** Linear algebra in float64. A matrix is row-major [n, dim], n = its length / dim. */

/** a·b. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}

/** ‖a‖. */
export function norm(a: ArrayLike<number>): number {
  return Math.sqrt(dot(a, a));
}

/** Cosine of the angle between two vectors; null when one of them is zero. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const product = norm(a) * norm(b);
  return product === 0 ? null : Math.min(1, Math.max(-1, dot(a, b) / product));
}

/** a − b. */
export function subtract(a: Float64Array, b: ArrayLike<number>): Float64Array {
  return a.map((value, at) => value - (b[at] as number));
}

/** factor · a. */
export function scaled(a: Float64Array, factor: number): Float64Array {
  return a.map((value) => value * factor);
}

/** target += factor · a, in place. */
export function addScaled(target: Float64Array, a: ArrayLike<number>, factor: number): void {
  for (let at = 0; at < target.length; at++) target[at] = (target[at] as number) + factor * (a[at] as number);
}

/**
 * Dot product of two stretches of float64 arrays. Four sums side by side: one alone would wait for each addition, and
 * this loop is where extraction spends its time.
 */
function dotAt(a: Float64Array, atA: number, b: Float64Array, atB: number, length: number): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let at = 0;
  for (; at + 3 < length; at += 4) {
    sum0 += (a[atA + at] as number) * (b[atB + at] as number);
    sum1 += (a[atA + at + 1] as number) * (b[atB + at + 1] as number);
    sum2 += (a[atA + at + 2] as number) * (b[atB + at + 2] as number);
    sum3 += (a[atA + at + 3] as number) * (b[atB + at + 3] as number);
  }
  for (; at < length; at++) sum0 += (a[atA + at] as number) * (b[atB + at] as number);
  return sum0 + sum1 + (sum2 + sum3);
}

/** X v [n]. */
export function multiply(matrix: Float64Array, dim: number, vector: Float64Array): Float64Array {
  const result = new Float64Array(matrix.length / dim);
  for (let at = 0; at < result.length; at++) result[at] = dotAt(matrix, at * dim, vector, 0, dim);
  return result;
}

/** Xᵀ r [dim]. @param weights r [n] */
export function multiplyTransposed(matrix: Float64Array, dim: number, weights: Float64Array): Float64Array {
  const result = new Float64Array(dim);
  let at = 0;
  // Two rows a pass: half the traffic on the result.
  for (; at + 1 < weights.length; at += 2) {
    const weight0 = weights[at] as number;
    const weight1 = weights[at + 1] as number;
    const row0 = at * dim;
    const row1 = row0 + dim;
    for (let d = 0; d < dim; d++) {
      result[d] =
        (result[d] as number) +
        weight0 * (matrix[row0 + d] as number) +
        weight1 * (matrix[row1 + d] as number);
    }
  }
  if (at < weights.length) addScaled(result, matrix.subarray(at * dim), weights[at] as number);
  return result;
}

/** X Xᵀ [n, n]. */
export function gramMatrix(matrix: Float64Array, dim: number): Float64Array {
  const count = matrix.length / dim;
  const gram = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      const product = dotAt(matrix, a * dim, matrix, b * dim, dim);
      gram[a * count + b] = product;
      gram[b * count + a] = product;
    }
  }
  return gram;
}
