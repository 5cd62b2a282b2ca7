import { AppError } from "#lib/core/errors.ts";
import { sha256 } from "#lib/core/hash.ts";
import { isName } from "#lib/core/names.ts";
import type { StoredVector } from "#lib/vectors/arithmetic.ts";
import type { VectorEvaluation } from "#lib/vectors/evaluation.ts";
import { describeOnTraining, type EvaluateLayerJob } from "#lib/vectors/layer.ts";
import { methodFolder, vectorMethods } from "#lib/vectors/methods.ts";
import { type ActivationTable, layerOf } from "./activations.ts";
import type { ResultPaths } from "./paths.ts";
import type { ArtifactStore } from "./ports.ts";
import type { VectorSource } from "./vector-source.ts";
import {
  formatMethodMetadata,
  type LayerInfo,
  type MethodMetadata,
  parseMethodMetadata,
  readVector,
  vectorMetadataPath,
  vectorPath,
  writeVector,
} from "./vectors.ts";

// Vectors that a person brought or made: a method folder like any other, whose metadata says where they come from.

/** Checks a name for vectors. Throws `usage` (characters, a method's name), `conflict` (taken). */
export async function checkOwnName(
  artifacts: ArtifactStore,
  paths: ResultPaths,
  name: string,
): Promise<void> {
  if (!isName(name)) {
    throw new AppError(
      "usage",
      `name ${JSON.stringify(name)} is not allowed: use 1-64 of a-z, 0-9, _ and -, starting with a letter or digit`,
    );
  }
  if ([...vectorMethods.keys()].some((method) => methodFolder(method) === name)) {
    throw new AppError("usage", `name ${name} is an extraction method's: choose another`);
  }
  const path = vectorMetadataPath(paths, name);
  if ((await artifacts.stat(path)) !== null) {
    throw new AppError("conflict", `there are vectors called ${name} already (${path}): choose another name`);
  }
}

/** Throws `invalid-input` where vectors do not fit the model whose activations these are. */
export function checkFit(
  { layers, hidden }: Pick<ActivationTable, "layers" | "hidden">,
  vectors: { name: string; hidden: number; layers: ReadonlyMap<number, unknown> },
  model: string,
): void {
  if (vectors.hidden !== hidden) {
    throw new AppError(
      "invalid-input",
      `${vectors.name}: vectors of ${vectors.hidden} dimensions do not fit ${model}, which has ${hidden}`,
    );
  }
  const last = Math.max(...vectors.layers.keys());
  if (last >= layers) {
    throw new AppError(
      "invalid-input",
      `${vectors.name}: there is a vector of layer ${last}, but ${model} has layers 0 to ${layers - 1}`,
    );
  }
}

export interface NewVectors {
  paths: ResultPaths;
  /** Of the metadata. */
  about: Pick<MethodMetadata, "model" | "trait" | "position" | "component">;
  name: string;
  layers: ReadonlyMap<number, StoredVector>;
  source: VectorSource;
  train: ActivationTable;
}

/** Writes vectors as a method folder; its metadata comes last, so that half a folder is none. Throws as `checkOwnName`. */
export async function storeOwnVectors(
  artifacts: ArtifactStore,
  { paths, about, name, layers, source, train }: NewVectors,
): Promise<void> {
  await checkOwnName(artifacts, paths, name);
  const infos: [string, LayerInfo][] = [];
  for (const [layer, { vector, norm }] of layers) {
    const bytes = writeVector(vector, { ...about, method: name, layer: String(layer) });
    const path = vectorPath(paths, name, layer);
    await artifacts.write(path, bytes);
    const training = describeOnTraining({ vector, norm }, { layer, train: layerOf(train, layer) });
    infos.push([String(layer), { norm, ...training, sha256: await sha256(bytes) }]);
  }
  const metadata = {
    ...about,
    method: name,
    source,
    n_layers: train.layers,
    layers: Object.fromEntries(infos),
  };
  await artifacts.write(vectorMetadataPath(paths, name), formatMethodMetadata(metadata));
}

/** The metadata of all own vectors of a place, by name. Throws `invalid-file`. */
export async function ownVectors(
  artifacts: Pick<ArtifactStore, "list" | "readText">,
  paths: ResultPaths,
): Promise<MethodMetadata[]> {
  const found: MethodMetadata[] = [];
  for (const path of await artifacts.list(paths.vectorsFolder)) {
    if (!path.endsWith("/metadata.json")) continue;
    const text = await artifacts.readText(path);
    const metadata = text === null ? null : parseMethodMetadata(text, path);
    if (metadata?.source) found.push(metadata);
  }
  return found;
}

export interface OwnEvaluation {
  layer: number;
  method: string;
  info: LayerInfo;
  result: VectorEvaluation;
}

/** Tests own vectors on held-out rows as extracted ones are; none where a side has no held-out row. */
export async function evaluateOwn(
  artifacts: Pick<ArtifactStore, "read">,
  paths: ResultPaths,
  vectors: readonly MethodMetadata[],
  rows: { train: ActivationTable; val: ActivationTable; seed: number },
  evaluateLayer: (job: EvaluateLayerJob) => Promise<Record<string, VectorEvaluation>>,
): Promise<OwnEvaluation[]> {
  const { train, val, seed } = rows;
  if (!(val.labels.includes(1) && val.labels.includes(0))) return [];
  const found: OwnEvaluation[] = [];
  for (let layer = 0; layer < train.layers; layer++) {
    const here = vectors.flatMap((metadata) => {
      const info = metadata.layers[String(layer)];
      return info ? [{ method: metadata.method, info }] : [];
    });
    if (here.length === 0) continue;
    const deciders = await Promise.all(
      here.map(async ({ method, info }) => {
        const vector = await readVector(artifacts, vectorPath(paths, method, layer));
        return [method, { vector, norm: info.norm }] as const;
      }),
    );
    const results = await evaluateLayer({
      layer,
      train: layerOf(train, layer),
      val: layerOf(val, layer),
      vectors: Object.fromEntries(deciders),
      seed,
    });
    found.push(
      ...here.flatMap(({ method, info }) => {
        const result = results[method];
        return result ? [{ layer, method, info, result }] : [];
      }),
    );
  }
  return found;
}
