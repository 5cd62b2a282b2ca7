import { readFileSync } from "node:fs";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { parseLayers } from "#lib/core/layers.ts";
import { formatTraitId, parseExperimentName, parseTraitId, type TraitId } from "#lib/core/names.ts";
import { parsePosition } from "#lib/core/position.ts";
import type { VectorSet } from "#lib/formats/vectors/vector-set.ts";
import { configSchema, parseConfig, type ResolvedConfig, resolveConfig } from "#lib/pipeline/config.ts";
import { requireExperiment } from "#lib/pipeline/context.ts";
import { configPath, type ResultPaths, resultPaths } from "#lib/pipeline/paths.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import {
  type MethodMetadata,
  parseMethodMetadata,
  readVector,
  vectorMetadataPath,
  vectorPath,
} from "#lib/pipeline/vectors.ts";
import { vectorMethods } from "#lib/vectors/methods.ts";
import { findModelFolder, type ModelPlaces } from "../engine/model-folder.ts";
import { steeringResults } from "./steering-results.ts";

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

export interface TraitPlace {
  experiment: string;
  config: ResolvedConfig;
  id: TraitId;
  paths: ResultPaths;
}

/** Where a trait's results lie. Throws `not-found` (experiment), `usage` (names, position). */
export async function traitPlace(
  artifacts: ArtifactStore,
  { experiment, trait, position, component }: Omit<VectorChoice, "method" | "layers">,
): Promise<TraitPlace> {
  const name = parseExperimentName(experiment);
  const file = parseConfig(await requireExperiment({ artifacts }, name), configPath(name));
  const config = resolveConfig(file, {
    ...(position === undefined ? {} : { position }),
    ...(component === undefined ? {} : { component: parseComponent(component) }),
  });
  const id = parseTraitId(trait);
  const paths = resultPaths(name, id, parsePosition(config.position), config.component);
  return { experiment: name, config, id, paths };
}

function parseComponent(text: string): ResolvedConfig["component"] {
  const known = configSchema.shape.component.safeParse(text);
  if (known.success && known.data) return known.data;
  throw new AppError(
    "usage",
    `component ${JSON.stringify(text)} is not known: write residual, attn_out or mlp_out`,
  );
}

/** A method's metadata. Throws `not-found` before it was extracted, `invalid-file`. */
export async function requireMetadata(
  artifacts: ArtifactStore,
  paths: ResultPaths,
  { experiment, trait, method }: Pick<VectorChoice, "experiment" | "trait" | "method">,
): Promise<MethodMetadata> {
  const path = vectorMetadataPath(paths, method);
  const text = await artifacts.readText(path);
  if (text !== null) return parseMethodMetadata(text, path);
  if (!vectorMethods.has(method)) {
    const known = (await artifacts.list(paths.vectorsFolder)).flatMap(
      (file) => /([^/]+)\/metadata\.json$/.exec(file)?.[1] ?? [],
    );
    throw new AppError(
      "not-found",
      `${experiment}/${trait} has no vectors called ${method}: ${known.length > 0 ? `there are ${known.join(", ")}` : "run extract first"}`,
    );
  }
  throw new AppError(
    "not-found",
    `${path} is not there: extract ${method} first (tiller extract --experiment ${experiment} --traits ${trait} --methods ${method})`,
  );
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
  const { id, paths } = await traitPlace(artifacts, choice);
  const metadata = await requireMetadata(artifacts, paths, choice);
  const known = Object.keys(metadata.layers)
    .map(Number)
    .sort((a, b) => a - b);
  const layerCount = metadata.n_layers ?? (known.at(-1) ?? 0) + 1;
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
  paths: ResultPaths,
  method: string,
): Promise<VectorSet["best"]> {
  const best = (await steeringResults(artifacts, paths))?.best;
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
