import { createRng, hashSeed, shuffled } from "#lib/core/rng.ts";

/**
 * Which pairs are held out for validation. Both scenarios of a pair are on the same side of the split.
 * @param pairCount all pairs of the trait: their order is drawn from the seed alone, so that a scenario that passes or
 *   fails moves at most one other
 * @param used pairs of which at least one scenario is captured
 * @param share 0-1; 0 holds nothing out
 */
export function validationPairs(
  pairCount: number,
  used: ReadonlySet<number>,
  share: number,
  seed: number,
): Set<number> {
  const order = shuffled(
    Array.from({ length: pairCount }, (_, index) => index),
    createRng(hashSeed("validation split", seed)),
  ).filter((index) => used.has(index));
  return new Set(order.slice(0, Math.round(order.length * share)));
}
