import { parseExperimentName, parseTraitId } from "#lib/core/names.ts";
import { parsePosition } from "#lib/core/position.ts";
import { parseJson } from "#lib/formats/json.ts";
import { parseConfig, resolveConfig } from "#lib/pipeline/config.ts";
import { requireExperiment } from "#lib/pipeline/context.ts";
import { configPath, evaluationPath, resultPaths } from "#lib/pipeline/paths.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import { evaluationFileSchema, type SteeringFile, steeringFileSchema } from "#lib/pipeline/results.ts";

/** A trait's steering results at the experiment's own position, or null before there are any. */
export async function steeringResults(
  { artifacts }: { artifacts: ArtifactStore },
  experiment: string,
  trait: string,
): Promise<SteeringFile | null> {
  const name = parseExperimentName(experiment);
  const config = resolveConfig(parseConfig(await requireExperiment({ artifacts }, name), configPath(name)));
  const place = resultPaths(name, parseTraitId(trait), parsePosition(config.position), config.component);
  const text = await artifacts.readText(place.steering.results);
  return text === null ? null : parseJson(text, place.steering.results, steeringFileSchema);
}

/**
 * mean‖h_layer‖ by layer, by which a coefficient is a ratio: of single tokens where the trait was steered (what stage 6
 * used), else of the mean activations that were evaluated.
 */
export async function baseNorms(
  source: { artifacts: ArtifactStore },
  experiment: string,
  trait: string,
  results?: SteeringFile | null,
): Promise<Map<number, number>> {
  const norms = new Map<number, number>();
  const path = evaluationPath(parseExperimentName(experiment));
  const text = await source.artifacts.readText(path);
  const evaluation = text === null ? null : parseJson(text, path, evaluationFileSchema);
  for (const [layer, norm] of Object.entries(evaluation?.activation_norms ?? {})) {
    if (typeof norm === "number" && norm > 0) norms.set(Number(layer), norm);
  }
  const steering = results === undefined ? await steeringResults(source, experiment, trait) : results;
  for (const { config, coef, coef_ratio } of steering?.runs ?? []) {
    const layer = config.vectors[0]?.layer;
    if (layer !== undefined && coef_ratio > 0) norms.set(layer, coef / coef_ratio);
  }
  return norms;
}
