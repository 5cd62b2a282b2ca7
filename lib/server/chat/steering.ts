import type { SteeredVector, SteeringChoice, VectorName } from "#lib/chat/steering-choice.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Steering } from "#lib/engine/contract.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import { readVectorSet, traitPlace } from "../vectors/sets.ts";
import { steeringResults } from "../vectors/steering-results.ts";
import { baseNorms, evaluationOf } from "./base-norms.ts";

/** Where experiments keep their vectors. */
export interface VectorSource {
  artifacts: ArtifactStore;
  home: string;
}

/** One vector as an experiment keeps it, unit norm, [hidden]. Throws `not-found`, `usage` (a layer there is none of). */
export async function readNamedVector(
  { artifacts, home }: VectorSource,
  { layer, ...choice }: VectorName,
): Promise<{ vector: Float32Array; component: string }> {
  const set = await readVectorSet(artifacts, { home }, { ...choice, layers: String(layer) });
  const found = set.layers.get(layer);
  if (!found)
    throw new AppError("not-found", `${choice.trait} has no ${choice.method} vector of layer ${layer}`);
  return { vector: found.vector, component: set.component };
}

/** A choice of vectors as an engine takes it. Throws as `readNamedVector`; `usage` for a ratio whose norm is unknown. */
export async function readSteering(source: VectorSource, choice: SteeringChoice): Promise<Steering> {
  const vectors = await Promise.all(
    choice.vectors.map(async ({ operator, coef, ratio, ...name }) => {
      const { vector } = await readNamedVector(source, name);
      return {
        layer: name.layer,
        vector,
        coef: coef ?? (await coefOf(source, name, ratio ?? 0)),
        operator,
      };
    }),
  );
  return { vectors, tokens: choice.tokens };
}

async function coefOf(
  source: VectorSource,
  name: Omit<SteeredVector, "operator">,
  ratio: number,
): Promise<number> {
  if (ratio === 0) return 0;
  const { artifacts } = source;
  const { experiment, paths } = await traitPlace(artifacts, name);
  const results = await steeringResults(artifacts, paths);
  const norm = baseNorms(await evaluationOf(artifacts, experiment), results).get(name.layer);
  if (norm !== undefined) return ratio * norm;
  throw new AppError(
    "usage",
    `the mean norm of layer ${name.layer} was not measured in ${name.experiment}: give coef instead of ratio, or run the steer stage`,
  );
}
