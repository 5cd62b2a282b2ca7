import { formatTraitId, type TraitId } from "#lib/core/names.ts";
import { parseJson } from "#lib/formats/json.ts";
import { methodFolder } from "#lib/vectors/methods.ts";
import { type ModelDiff, modelDiffSchema } from "../model-diff-api.ts";
import { experimentFolder } from "../paths.ts";
import type { ArtifactStore } from "../ports.ts";

/** Where a trait's comparisons of models lie. */
export function modelDiffFolder(experiment: string, id: TraitId): string {
  return `${experimentFolder(experiment)}/model_diff/${formatTraitId(id)}`;
}

export function modelDiffPath(
  experiment: string,
  id: TraitId,
  { method, layer, model }: { method: string; layer: number; model: string },
): string {
  const name = `${methodFolder(method)}-layer${layer}-${model.replaceAll("/", "--")}.json`;
  return `${modelDiffFolder(experiment, id)}/${name}`;
}

/** What is stored of one vector, by file name. Throws `invalid-file`. */
export async function readModelDiffs(
  artifacts: Pick<ArtifactStore, "list" | "readText">,
  experiment: string,
  id: TraitId,
  { method, layer }: { method: string; layer: number },
): Promise<ModelDiff[]> {
  const start = modelDiffPath(experiment, id, { method, layer, model: "" }).replace(/\.json$/, "");
  const files = (await artifacts.list(modelDiffFolder(experiment, id))).filter(
    (file) => file.startsWith(start) && file.endsWith(".json"),
  );
  const texts = await Promise.all(files.map((file) => artifacts.readText(file)));
  return texts.flatMap((text, at) =>
    text === null ? [] : [parseJson(text, files[at] ?? "", modelDiffSchema)],
  );
}
