import type { Rng } from "#lib/core/rng.ts";

export interface Sampling {
  /** 0 is greedy. */
  temperature: number;
  /** Draw from the smallest set of most likely tokens whose probability reaches this; 1 keeps all. */
  topP: number;
}

/** The most likely token (the lowest id among equals), or -1 when no logit is a number. */
export function argmax(logits: Float32Array): number {
  let best = -1;
  let max = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] as number;
    if (logit > max || (best < 0 && logit === max)) {
      max = logit;
      best = id;
    }
  }
  return best;
}

const BINS = 2048;
// Bins reach down to exp(-32) of the largest probability: what lies deeper shares the last one.
const BINS_PER_NAT = BINS / 32;

/**
 * Draws a token by temperature and nucleus (top-p) sampling (Holtzman et al. 2020, arXiv:1904.09751).
 * The nucleus is found with a histogram of log-probabilities: only the bin at its edge is sorted, not the vocabulary.
 * @param logits [vocabulary]
 * @returns a token id, or -1 when no logit is a number
 */
export function sampleToken(logits: Float32Array, sampling: Sampling, rng: Rng): number {
  const top = argmax(logits);
  if (sampling.temperature <= 0 || top < 0) return top;
  const max = logits[top] as number;
  const scale = 1 / sampling.temperature;
  const weights = new Float64Array(logits.length);
  const mass = new Float64Array(BINS);
  let total = 0;
  for (let id = 0; id < logits.length; id++) {
    const below = (max - (logits[id] as number)) * scale;
    if (!(below < Number.POSITIVE_INFINITY)) continue;
    const weight = Math.exp(-below);
    weights[id] = weight;
    total += weight;
    const bin = Math.min(BINS - 1, Math.floor(below * BINS_PER_NAT));
    mass[bin] = (mass[bin] as number) + weight;
  }
  if (sampling.topP < 1) total = keepNucleus(logits, weights, mass, total * sampling.topP, max, scale);
  return draw(weights, rng() * total, top);
}

/** Zeroes the weights outside the nucleus of mass `wanted`; returns the mass that stays. */
function keepNucleus(
  logits: Float32Array,
  weights: Float64Array,
  mass: Float64Array,
  wanted: number,
  max: number,
  scale: number,
): number {
  let edge = 0;
  let kept = 0;
  while (edge < BINS - 1 && kept + (mass[edge] as number) < wanted) {
    kept += mass[edge] as number;
    edge++;
  }
  const inside = edge / BINS_PER_NAT;
  const outside = edge === BINS - 1 ? Number.POSITIVE_INFINITY : (edge + 1) / BINS_PER_NAT;
  const atEdge: number[] = [];
  for (let id = 0; id < weights.length; id++) {
    const below = (max - (logits[id] as number)) * scale;
    if (below < inside) continue;
    if (below < outside) atEdge.push(id);
    else weights[id] = 0;
  }
  atEdge.sort((a, b) => (weights[b] as number) - (weights[a] as number) || a - b);
  for (const id of atEdge) {
    if (kept >= wanted) weights[id] = 0;
    kept += weights[id] as number;
  }
  return kept;
}

/** The token in whose share `point` of the summed weights falls. */
function draw(weights: Float64Array, point: number, fallback: number): number {
  let passed = 0;
  let last = fallback;
  for (let id = 0; id < weights.length; id++) {
    const weight = weights[id] as number;
    if (weight === 0) continue;
    passed += weight;
    last = id;
    if (point < passed) return id;
  }
  return last;
}
