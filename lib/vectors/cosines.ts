import { cosine } from "#lib/core/linear.ts";

/** Cosine of every two of some vectors of one width: symmetric, 1 on the diagonal; null where one is zero. */
export function cosineMatrix(vectors: readonly ArrayLike<number>[]): (number | null)[][] {
  const matrix: (number | null)[][] = vectors.map(() => []);
  vectors.forEach((a, row) => {
    for (let column = 0; column <= row; column++) {
      const value = cosine(a, vectors[column] ?? a);
      const exact = value !== null && column === row ? 1 : value;
      (matrix[row] as (number | null)[])[column] = exact;
      (matrix[column] as (number | null)[])[row] = exact;
    }
  });
  return matrix;
}
