import { AppError } from "#lib/core/errors.ts";
import { formatTraitId } from "#lib/core/names.ts";
import {
  type EvaluationPlace,
  evaluationRow,
  formatEvaluationFile,
  mergeRows,
  parseEvaluationFile,
  scored,
} from "#lib/pipeline/evaluation-rows.ts";
import { checkFit, evaluateOwn, ownVectors, storeOwnVectors } from "#lib/pipeline/own-vectors.ts";
import { evaluationPath } from "#lib/pipeline/paths.ts";
import type { ArtifactStore, VectorCompute } from "#lib/pipeline/ports.ts";
import type { EvaluationRow } from "#lib/pipeline/results.ts";
import type { VectorSource } from "#lib/pipeline/vector-source.ts";
import { vectorMetadataPath } from "#lib/pipeline/vectors.ts";
import type { OwnVectorsMade } from "#lib/pipeline/vectors-api.ts";
import { requireTable } from "./detail.ts";
import type { NamedVectors } from "./refs.ts";
import { requireMetadata, type TraitPlace, traitPlace } from "./sets.ts";

export interface OwnVectorsPorts {
  artifacts: ArtifactStore;
  evaluateLayer: VectorCompute["evaluateLayer"];
}

/**
 * Puts vectors beside a trait's extracted ones under a name, and tests them on its held-out rows.
 * Throws `not-found` (experiment; no activations yet), `usage` and `conflict` (the name), `invalid-input` (they do not
 * fit the experiment's model).
 */
export async function addOwnVectors(
  ports: OwnVectorsPorts,
  target: { experiment: string; trait: string; name: string },
  vectors: Pick<NamedVectors, "name" | "hidden" | "layers">,
  source: VectorSource,
): Promise<OwnVectorsMade> {
  const { artifacts } = ports;
  const place = await traitPlace(artifacts, target);
  const { config, id, paths } = place;
  const train = await requireTable(artifacts, paths.activations.train);
  const val = await requireTable(artifacts, paths.activations.val);
  checkFit(train, vectors, config.extraction_model);
  const { name, experiment } = { ...target, experiment: place.experiment };
  await storeOwnVectors(artifacts, {
    paths,
    about: {
      model: config.extraction_model,
      trait: formatTraitId(id),
      position: config.position,
      component: config.component,
    },
    name,
    layers: vectors.layers,
    source,
    train,
  });
  const metadata = (await ownVectors(artifacts, paths)).filter(({ method }) => method === name);
  const found = await evaluateOwn(
    artifacts,
    paths,
    metadata,
    { train, val, seed: config.seed },
    ports.evaluateLayer,
  );
  const rows = await addRows(artifacts, place, found);
  const zero = [...vectors.layers].filter(([, { norm }]) => norm === 0).map(([layer]) => layer);
  return {
    experiment,
    trait: formatTraitId(id),
    method: name,
    layers: [...vectors.layers.keys()],
    zero,
    rows,
  };
}

/** Removes vectors that were brought or made, and their rows. Throws `not-found`, `usage` for extracted ones. */
export async function removeOwnVectors(
  artifacts: ArtifactStore,
  target: { experiment: string; trait: string; name: string },
): Promise<void> {
  const { experiment, config, id, paths } = await traitPlace(artifacts, target);
  const { source } = await requireMetadata(artifacts, paths, { ...target, method: target.name });
  if (!source) {
    throw new AppError(
      "usage",
      `${target.name} was extracted: only vectors that were imported or combined are removed`,
    );
  }
  const metadata = vectorMetadataPath(paths, target.name);
  // The metadata first: without it the rest is no method's.
  await artifacts.remove(metadata);
  for (const file of await artifacts.list(metadata.slice(0, metadata.lastIndexOf("/")))) {
    await artifacts.remove(file);
  }
  const path = evaluationPath(experiment);
  if ((await artifacts.stat(path)) === null) return;
  const place = { trait: formatTraitId(id), position: config.position, component: config.component };
  await artifacts.update(path, (before) => {
    const file = parseEvaluationFile(before ?? "", path);
    const kept = rowsAt(file.all_results, place).filter(({ method }) => method !== target.name);
    return formatEvaluationFile({ ...file, all_results: mergeRows(file.all_results, place, scored(kept)) });
  });
}

function rowsAt(rows: readonly EvaluationRow[], { trait, position, component }: EvaluationPlace) {
  return rows.filter(
    (row) => row.trait === trait && row.position === position && row.component === component,
  );
}

/** Adds rows to extraction_evaluation.json, where there is one; combined scores of the place are made anew. */
async function addRows(
  artifacts: ArtifactStore,
  { experiment, config, id }: TraitPlace,
  found: Awaited<ReturnType<typeof evaluateOwn>>,
): Promise<EvaluationRow[]> {
  const path = evaluationPath(experiment);
  if (found.length === 0 || (await artifacts.stat(path)) === null) return [];
  const place = { trait: formatTraitId(id), position: config.position, component: config.component };
  const names = new Set(found.map(({ method }) => method));
  const text = await artifacts.update(path, (before) => {
    if (before === null) throw new AppError("not-found", `${path} is gone: it was there a moment ago`);
    const file = parseEvaluationFile(before, path);
    const here = rowsAt(file.all_results, place);
    const fresh = found.map((one) => {
      const random = here.find(({ method, layer }) => method === "random" && layer === one.layer);
      const ci = random?.val_auroc_ci;
      return evaluationRow(place, one, ci ? { val_auroc_ci: ci } : null);
    });
    const rows = scored([...here.filter(({ method }) => !names.has(method)), ...fresh]);
    return formatEvaluationFile({ ...file, all_results: mergeRows(file.all_results, place, rows) });
  });
  return parseEvaluationFile(text, path).all_results.filter(
    (row) => row.trait === place.trait && names.has(row.method),
  );
}
