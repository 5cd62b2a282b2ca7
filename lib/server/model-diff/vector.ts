import { AppError } from "#lib/core/errors.ts";
import { defaultDiffRatio } from "#lib/pipeline/model-diff-api.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import { readVector, vectorPath } from "#lib/pipeline/vectors.ts";
import type { Decider } from "#lib/vectors/evaluation.ts";
import { requireMetadata, type TraitPlace, traitPlace } from "../vectors/sets.ts";
import { steeringResults } from "../vectors/steering-results.ts";

export interface VectorOfTrait {
  experiment: string;
  trait: string;
  method: string;
  layer: number;
}

/** A vector at the experiment's own position. Throws `not-found`, `usage` (a layer that there is none of). */
export async function openVector(
  artifacts: ArtifactStore,
  choice: VectorOfTrait,
): Promise<{ place: TraitPlace; model: string; decider: Decider }> {
  const { experiment, trait, method, layer } = choice;
  const place = await traitPlace(artifacts, { experiment, trait });
  const { model, layers } = await requireMetadata(artifacts, place.paths, choice);
  const info = layers[String(layer)];
  if (!info) {
    const known = Object.keys(layers).join(", ");
    throw new AppError("usage", `layer ${layer}: there are vectors of ${known} alone`);
  }
  const vector = await readVector(artifacts, vectorPath(place.paths, method, layer));
  const bias = info.bias === undefined ? {} : { bias: info.bias };
  return { place, model, decider: { vector, norm: info.norm, ...bias } };
}

/** The strength to compare at where none is asked for. */
export async function defaultRatio(
  artifacts: ArtifactStore,
  { paths }: TraitPlace,
): Promise<{ ratio: number; ratio_is_best: boolean }> {
  const results = await steeringResults(artifacts, paths);
  const best = results?.best?.coef_ratio;
  return best === undefined
    ? { ratio: defaultDiffRatio, ratio_is_best: false }
    : { ratio: best, ratio_is_best: true };
}
