import { readModelDiffs } from "#lib/pipeline/model-diff/files.ts";
import type { ModelDiffs } from "#lib/pipeline/model-diff-api.ts";
import type { Instance } from "../instance.ts";
import { otherModels } from "./others.ts";
import { defaultRatio, openVector, type VectorOfTrait } from "./vector.ts";

/** What is stored of one vector, and what it can be compared on. Throws as `openVector`. */
export async function listModelDiffs(
  { home, artifacts, models }: Pick<Instance, "home" | "artifacts" | "models">,
  choice: VectorOfTrait,
): Promise<ModelDiffs> {
  const { place, model, decider } = await openVector(artifacts, choice);
  const { method, layer } = choice;
  return {
    model,
    others: await otherModels({ home, models }, { layer, hidden: decider.vector.length, model }),
    ...(await defaultRatio(artifacts, place)),
    stored: await readModelDiffs(artifacts, place.experiment, place.id, { method, layer }),
  };
}
