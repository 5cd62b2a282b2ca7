import { createRng, gaussian, type Rng } from "#lib/core/rng.ts";
import type { Rows } from "#lib/vectors/rows.ts";

export interface Planted {
  positives: Rows;
  negatives: Rows;
  /** Unit norm; the class means differ by `distance` along it. */
  direction: Float64Array;
}

/** Two classes of Gaussian rows about a shared offset, `distance` apart along a random direction. Row i of both is a pair. */
export function plantedRows({
  positives,
  negatives,
  dim,
  distance,
  noise = 1,
  offset = 0,
  seed,
}: {
  positives: number;
  negatives: number;
  dim: number;
  distance: number;
  /** Standard deviation of every coordinate. */
  noise?: number;
  /** Norm of the mean that both classes share: hidden states are far from the origin. */
  offset?: number;
  seed: number;
}): Planted {
  const rng = createRng(seed);
  const direction = unitGaussian(dim, rng);
  const centre = unitGaussian(dim, rng).map((value) => value * offset);
  const draw = (count: number, sign: number): Rows => ({
    count,
    dim,
    data: Float32Array.from({ length: count * dim }, (_, at) => {
      const d = at % dim;
      const shift = (sign * distance * (direction[d] as number)) / 2;
      return (centre[d] as number) + shift + noise * gaussian(rng);
    }),
  });
  return { positives: draw(positives, 1), negatives: draw(negatives, -1), direction };
}

function unitGaussian(dim: number, rng: Rng): Float64Array {
  const values = Float64Array.from({ length: dim }, () => gaussian(rng));
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return values.map((value) => value / length);
}
