import { AppError } from "#lib/core/errors.ts";
import type { ModelDiffs } from "#lib/pipeline/model-diff-api.ts";
import type { ModelCatalog, ModelIdentity } from "#lib/pipeline/ports.ts";
import { listModels } from "../engine/installed-models.ts";

/** What the other model must fit. */
export interface WantedVector {
  layer: number;
  hidden: number;
  /** Whose vector it is. */
  model: string;
}

/** Why a model cannot be compared, in one line; null where it can. */
export function whyNot(
  { layer, hidden, model }: WantedVector,
  other: Pick<ModelIdentity, "id" | "layers" | "hidden">,
): string | null {
  if (other.id === model) return "it is the vector's own model: choose another";
  if (other.hidden !== hidden) return `its width is ${other.hidden}, the vector's ${hidden}`;
  return layer < other.layers
    ? null
    : `it has layers 0 to ${other.layers - 1}, the vector is of layer ${layer}`;
}

/** Throws `usage` for the vector's own model, `invalid-input` for one that it does not fit. */
export function requireFit(vector: WantedVector, other: ModelIdentity): void {
  const reason = whyNot(vector, other);
  if (reason === null) return;
  throw new AppError(other.id === vector.model ? "usage" : "invalid-input", `model ${other.id}: ${reason}`);
}

/** Every other installed model, with what speaks against it. */
export async function otherModels(
  { home, models }: { home: string; models: ModelCatalog },
  vector: WantedVector,
): Promise<ModelDiffs["others"]> {
  const installed = (await listModels({ home })).filter(({ id }) => id !== vector.model);
  return Promise.all(
    installed.map(async ({ id, label, problem }) => {
      if (problem !== null) return { id, label, why_not: problem };
      try {
        return { id, label, why_not: whyNot(vector, await models.identify(id)) };
      } catch (error) {
        return { id, label, why_not: AppError.from(error).userMessage };
      }
    }),
  );
}
