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

/** X v [n]. */
export function multiply(matrix: Float64Array, dim: number, vector: Float64Array): Float64Array {
  const result = new Float64Array(matrix.length / dim);
  for (let at = 0, offset = 0; at < result.length; at++) {
    let sum = 0;
    for (let d = 0; d < dim; d++, offset++) sum += (matrix[offset] as number) * (vector[d] as number);
    result[at] = sum;
  }
  return result;
}

/** Xᵀ r [dim]. @param weights r [n] */
export function multiplyTransposed(matrix: Float64Array, dim: number, weights: Float64Array): Float64Array {
  const result = new Float64Array(dim);
  for (let at = 0, offset = 0; at < weights.length; at++) {
    const weight = weights[at] as number;
    for (let d = 0; d < dim; d++, offset++) {
      result[d] = (result[d] as number) + weight * (matrix[offset] as number);
    }
  }
  return result;
}

/** X Xᵀ [n, n]. */
export function gramMatrix(matrix: Float64Array, dim: number): Float64Array {
  const count = matrix.length / dim;
  const gram = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    const rowA = matrix.subarray(a * dim, (a + 1) * dim);
    for (let b = 0; b <= a; b++) {
      const product = dot(rowA, matrix.subarray(b * dim, (b + 1) * dim));
      gram[a * count + b] = product;
      gram[b * count + a] = product;
    }
  }
  return gram;
}
