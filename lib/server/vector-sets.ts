import { readFileSync } from "node:fs";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { parseLayers } from "#lib/core/layers.ts";
import { formatTraitId, parseExperimentName, parseTraitId } from "#lib/core/names.ts";
import { parsePosition } from "#lib/core/position.ts";
import { parseJson } from "#lib/formats/json.ts";
import type { VectorSet } from "#lib/formats/vectors/vector-set.ts";
import { parseConfig, resolveConfig } from "#lib/pipeline/config.ts";
import { requireExperiment } from "#lib/pipeline/context.ts";
import { configPath, type ResultPaths, resultPaths } from "#lib/pipeline/paths.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import { steeringFileSchema } from "#lib/pipeline/results.ts";
import { parseMethodMetadata, readVector, vectorMetadataPath, vectorPath } from "#lib/pipeline/vectors.ts";
import { findModelFolder, type ModelPlaces } from "./engine/model-folder.ts";

export interface VectorChoice {
  experiment: string;
  /** `category/trait` */
  trait: string;
  method: string;
  /** Default: the experiment's. */
  position?: string;
  component?: string;
  /** `all` (default), `1,4`, `2-5`, `30%-60%`. */
  layers?: string;
}

/**
 * One method's vectors of a trait as an experiment has them, checked.
 * Throws `not-found` (experiment, no such vectors yet), `invalid-file`, `usage` (a layer that there is none of).
 */
export async function readVectorSet(
  artifacts: ArtifactStore,
  places: ModelPlaces,
  choice: VectorChoice,
): Promise<VectorSet> {
  const name = parseExperimentName(choice.experiment);
  const config = resolveConfig(parseConfig(await requireExperiment({ artifacts }, name), configPath(name)), {
    ...(choice.position === undefined ? {} : { position: choice.position }),
  });
  const id = parseTraitId(choice.trait);
  const paths = resultPaths(name, id, parsePosition(config.position), choice.component ?? config.component);
  const metadataPath = vectorMetadataPath(paths, choice.method);
  const text = await artifacts.readText(metadataPath);
  if (text === null) {
    throw new AppError(
      "not-found",
      `${metadataPath} is not there: extract ${choice.method} first (tiller extract --experiment ${name} --traits ${formatTraitId(id)} --methods ${choice.method})`,
    );
  }
  const metadata = parseMethodMetadata(text, metadataPath);
  const known = Object.keys(metadata.layers)
    .map(Number)
    .sort((a, b) => a - b);
  const layerCount = (known.at(-1) ?? 0) + 1;
  const wanted = new Set(choice.layers === undefined ? known : parseLayers(choice.layers, layerCount));
  const layers = new Map<
    number,
    { vector: Float32Array<ArrayBuffer>; norm: number; explainedVariance?: number }
  >();
  for (const layer of known.filter((number) => wanted.has(number))) {
    const info = metadata.layers[String(layer)];
    const explained = info?.info?.explained_variance_ratio;
    layers.set(layer, {
      vector: await readVector(artifacts, vectorPath(paths, choice.method, layer)),
      norm: info?.norm ?? 1,
      ...(typeof explained === "number" ? { explainedVariance: explained } : {}),
    });
  }
  const [first] = layers.values();
  if (!first)
    throw new AppError("usage", `layers ${choice.layers}: there are vectors of ${known.join(", ")} alone`);
  return {
    model: metadata.model,
    modelType: modelTypeOf(metadata.model, places),
    trait: formatTraitId(id),
    method: choice.method,
    position: metadata.position,
    component: metadata.component,
    layerCount,
    hidden: first.vector.length,
    layers,
    best: await bestOf(artifacts, paths, choice.method),
  };
}

/** Where steering with this method worked best; null where it was not tried or another method won. */
async function bestOf(
  artifacts: ArtifactStore,
  { steering }: ResultPaths,
  method: string,
): Promise<VectorSet["best"]> {
  const text = await artifacts.readText(steering.results);
  if (text === null) return null;
  const { best } = parseJson(text, steering.results, steeringFileSchema);
  return best?.method === method ? { layer: best.layer, coef: best.coef } : null;
}

/** `model_type` of the model's config.json; null where the model is not installed (any more) or does not say. */
function modelTypeOf(model: string, places: ModelPlaces): string | null {
  const folder = findModelFolder(model, places);
  if (folder === null) return null;
  try {
    const config: unknown = JSON.parse(readFileSync(path.join(folder, "config.json"), "utf8"));
    const type =
      config !== null && typeof config === "object" && "model_type" in config ? config.model_type : null;
    return typeof type === "string" ? type : null;
  } catch {
    return null;
  }
}
