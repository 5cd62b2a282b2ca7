import { AppError } from "#lib/core/errors.ts";
import { formatTraitId } from "#lib/core/names.ts";
import { type ActivationTable, layerOf, readTable } from "#lib/pipeline/activations.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import { readVector, vectorPath } from "#lib/pipeline/vectors.ts";
import type { VectorDetail } from "#lib/pipeline/vectors-api.ts";
import { layerDetail } from "#lib/vectors/layer-detail.ts";
import { requireMetadata, traitPlace, type VectorChoice } from "./sets.ts";

/**
 * One vector beside the activations that it was found in and tested on.
 * Throws `not-found` (experiment, vector, activations), `usage` (a layer that there is none of), `invalid-file`.
 */
export async function readVectorDetail(
  artifacts: ArtifactStore,
  { layer, ...choice }: Omit<VectorChoice, "layers"> & { layer: number },
): Promise<VectorDetail> {
  const { config, id, paths } = await traitPlace(artifacts, choice);
  const metadata = await requireMetadata(artifacts, paths, choice);
  const info = metadata.layers[String(layer)];
  if (!info) {
    const known = Object.keys(metadata.layers).join(", ");
    throw new AppError("usage", `layer ${layer}: there are vectors of ${known} alone`);
  }
  const vector = await readVector(artifacts, vectorPath(paths, choice.method, layer));
  const train = await requireTable(artifacts, paths.activations.train);
  const val = await requireTable(artifacts, paths.activations.val);
  const { rows, threshold, unitRows, pcaShares } = layerDetail(
    { vector, norm: info.norm, ...(info.bias === undefined ? {} : { bias: info.bias }) },
    { layer, train: layerOf(train, layer), val: layerOf(val, layer) },
  );
  return {
    trait: formatTraitId(id),
    method: choice.method,
    layer,
    position: config.position,
    component: config.component,
    hidden: vector.length,
    source: metadata.source ?? null,
    norm: info.norm,
    bias: info.bias ?? null,
    baseline: info.baseline,
    threshold,
    unitRows,
    rows,
    pcaShares,
  };
}

/** Activations of one split. Throws `not-found` before capture, `invalid-file`. */
export async function requireTable(
  artifacts: Pick<ArtifactStore, "read">,
  path: string,
): Promise<ActivationTable> {
  const bytes = await artifacts.read(path);
  if (!bytes) throw new AppError("not-found", `${path} is not there: run capture first`);
  return readTable(bytes, path);
}
