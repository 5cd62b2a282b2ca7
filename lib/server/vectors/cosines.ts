import { AppError } from "#lib/core/errors.ts";
import { formatTraitId } from "#lib/core/names.ts";
import { parsePosition } from "#lib/core/position.ts";
import { resultPaths } from "#lib/pipeline/paths.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import { traitsWithResults } from "#lib/pipeline/trait-summary.ts";
import { readVector, vectorPath } from "#lib/pipeline/vectors.ts";
import type { CosineAxis, VectorCosines } from "#lib/pipeline/vectors-api.ts";
import { cosineMatrix } from "#lib/vectors/cosines.ts";
import { vectorMethods } from "#lib/vectors/methods.ts";
import { type TraitPlace, traitPlace, type VectorChoice } from "./sets.ts";

const VECTOR = /\/([^/]+)\/layer(\d+)\.safetensors$/;

/**
 * How alike the vectors are across the methods, the layers or the traits of an experiment.
 * Throws `not-found` (experiment, no vectors there), `invalid-file`.
 */
export async function readCosines(
  artifacts: ArtifactStore,
  { layer, ...choice }: Omit<VectorChoice, "layers"> & { layer: number },
  across: CosineAxis,
): Promise<VectorCosines> {
  const place = await traitPlace(artifacts, choice);
  const files = await {
    methods: () => acrossMethods(artifacts, place, layer),
    layers: () => acrossLayers(artifacts, place, choice.method),
    traits: () => acrossTraits(artifacts, place, choice.method, layer),
  }[across]();
  const vectors = await Promise.all(files.map(({ path }) => readVector(artifacts, path)));
  const [first] = vectors;
  if (!first) {
    throw new AppError(
      "not-found",
      `${place.paths.vectorsFolder}: there is no vector of ${choice.method} at layer ${layer}: run extract first`,
    );
  }
  const alike = files.flatMap(({ label }, at) => {
    const vector = vectors[at];
    return vector?.length === first.length ? [{ label, vector }] : [];
  });
  return {
    across,
    labels: alike.map(({ label }) => label),
    cosines: cosineMatrix(alike.map(({ vector }) => vector)),
    hidden: first.length,
  };
}

interface Labelled {
  label: string;
  path: string;
}

async function vectorFiles(artifacts: ArtifactStore, { paths }: TraitPlace) {
  return (await artifacts.list(paths.vectorsFolder)).flatMap((path) => {
    const [, method, layer] = VECTOR.exec(path) ?? [];
    return method !== undefined ? [{ method, layer: Number(layer), path }] : [];
  });
}

async function acrossMethods(
  artifacts: ArtifactStore,
  place: TraitPlace,
  layer: number,
): Promise<Labelled[]> {
  const known = [...vectorMethods.keys()];
  const order = (method: string) => (known.includes(method) ? known.indexOf(method) : known.length);
  return (await vectorFiles(artifacts, place))
    .filter((file) => file.layer === layer)
    .sort((a, b) => order(a.method) - order(b.method))
    .map(({ method, path }) => ({ label: method, path }));
}

async function acrossLayers(
  artifacts: ArtifactStore,
  place: TraitPlace,
  method: string,
): Promise<Labelled[]> {
  const folder = vectorPath(place.paths, method, 0).split("/").at(-2);
  return (await vectorFiles(artifacts, place))
    .filter((file) => file.method === folder)
    .sort((a, b) => a.layer - b.layer)
    .map(({ layer, path }) => ({ label: String(layer), path }));
}

async function acrossTraits(
  artifacts: ArtifactStore,
  { experiment, config }: TraitPlace,
  method: string,
  layer: number,
): Promise<Labelled[]> {
  const position = parsePosition(config.position);
  const places = (await traitsWithResults(artifacts, experiment)).map((id) => ({
    label: formatTraitId(id),
    path: vectorPath(resultPaths(experiment, id, position, config.component), method, layer),
  }));
  const there = await Promise.all(places.map(async ({ path }) => (await artifacts.stat(path)) !== null));
  return places.filter((_, at) => there[at]);
}
