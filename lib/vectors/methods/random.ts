import { createRng, gaussian, hashSeed } from "#lib/core/rng.ts";
import { orientedUnit, type VectorMethod } from "../method.ts";

/**
 * A seeded Gaussian direction: the floor that a found vector has to beat. It is turned like the others, so its score is
 * that of the better of two random signs on the training rows. `norm` is that of the Gaussian draw, about √dim.
 */
export const random: VectorMethod = {
  name: "random",
  summary: "a seeded random direction, the sanity check",
  extract(positives, negatives, { seed }) {
    const rng = createRng(hashSeed("random", seed));
    const direction = Float64Array.from({ length: positives.dim }, () => gaussian(rng));
    const { vector, norm } = orientedUnit(direction, positives, negatives, "random");
    return { vector, norm, info: {} };
  },
};
