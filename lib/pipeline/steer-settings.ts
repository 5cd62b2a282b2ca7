import { AppError } from "#lib/core/errors.ts";
import { sha256 } from "#lib/core/hash.ts";
import { createRng, gaussian, hashSeed } from "#lib/core/rng.ts";
import { norm } from "./activations.ts";

/** A direction that is steered with at one layer. */
export interface SteeringVector {
  /** A method's name, or `random0`, `random1` … */
  source: string;
  random: boolean;
  layer: number;
  /** [hidden], unit norm. */
  vector: Float32Array<ArrayBuffer>;
  /** Of the vector's bytes. */
  hash: string;
}

/** One vector at one strength; each is tried on every question. */
export interface SteeringSetting {
  /** Also the stem of its sample file: `mean_diff_layer3_ratio0.75`. */
  id: string;
  vector: SteeringVector;
  /** coef / mean‖h_layer‖ */
  ratio: number;
  /** What multiplies the unit vector. */
  coef: number;
}

/** Ratios are kept to this many decimals: file names and keys then have one spelling of each. */
const RATIO_DECIMALS = 4;

export function roundRatio(ratio: number): number {
  return Number(ratio.toFixed(RATIO_DECIMALS));
}

/** @param baseNorm mean‖h_layer‖ of the application model at the vector's layer */
export function settingOf(vector: SteeringVector, ratio: number, baseNorm: number): SteeringSetting {
  const rounded = roundRatio(ratio);
  const source = vector.source.replaceAll(":", "_");
  return {
    id: `${source}_layer${vector.layer}_ratio${rounded}`,
    vector,
    ratio: rounded,
    coef: rounded * baseNorm,
  };
}

export async function steeringVector(
  source: string,
  layer: number,
  vector: Float32Array<ArrayBuffer>,
): Promise<SteeringVector> {
  const length = norm(vector);
  if (length === 0) {
    throw new AppError(
      "invalid-input",
      `the ${source} vector of layer ${layer} is zero: steering with it would change nothing; choose another`,
    );
  }
  if (!(Math.abs(length - 1) < 1e-3)) {
    throw new AppError(
      "invalid-file",
      `the ${source} vector of layer ${layer} has norm ${length}, but vectors are stored at norm 1: run extract again`,
    );
  }
  return { source, random: false, layer, vector, hash: await sha256(new Uint8Array(vector.buffer)) };
}

/** Unit Gaussian directions, the null hypothesis of steering: the same for a seed, different between layers. */
export function randomVectors(
  count: number,
  layer: number,
  hidden: number,
  seed: number,
): Promise<SteeringVector[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, number): Promise<SteeringVector> => {
      const rng = createRng(hashSeed(`random steering vector ${number} layer ${layer}`, seed));
      const raw = Float64Array.from({ length: hidden }, () => gaussian(rng));
      const length = norm(raw);
      const vector = Float32Array.from(raw, (value) => value / length);
      return {
        source: `random${number}`,
        random: true,
        layer,
        vector,
        hash: await sha256(new Uint8Array(vector.buffer)),
      };
    }),
  );
}

/** The adaptive search of algorithms.md: stronger while the text holds, weaker when it does not. */
export const adaptive = { start: 0.7, up: 1.3, down: 0.85, coherence: 77, steps: 5, momentum: 0.1 } as const;

export interface SearchState {
  ratio: number;
  /** The smoothed factor of the last step; 1 at the start. */
  velocity: number;
}

/** The next ratio to try. @param coherence mean coherence at the last ratio; null (nothing could be judged) counts as incoherent */
export function nextRatio({ ratio, velocity }: SearchState, coherence: number | null): SearchState {
  const factor = coherence !== null && coherence >= adaptive.coherence ? adaptive.up : adaptive.down;
  const smoothed = adaptive.momentum * velocity + (1 - adaptive.momentum) * factor;
  return { ratio: roundRatio(ratio * smoothed), velocity: smoothed };
}
