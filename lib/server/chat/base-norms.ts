import { parseJson } from "#lib/formats/json.ts";
import { evaluationPath } from "#lib/pipeline/paths.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import { type EvaluationFile, evaluationFileSchema, type SteeringFile } from "#lib/pipeline/results.ts";

/** extraction_evaluation.json of an experiment, or null before there is one. Throws `invalid-file`. */
export async function evaluationOf(
  artifacts: Pick<ArtifactStore, "readText">,
  experiment: string,
): Promise<EvaluationFile | null> {
  const path = evaluationPath(experiment);
  const text = await artifacts.readText(path);
  return text === null ? null : parseJson(text, path, evaluationFileSchema);
}

/**
 * mean‖h_layer‖ by layer, by which a coefficient is a ratio: of single tokens where the trait was steered (what stage 6
 * used), else of the mean activations that were evaluated.
 */
export function baseNorms(
  evaluation: EvaluationFile | null,
  steering: SteeringFile | null,
): Map<number, number> {
  const norms = new Map<number, number>();
  for (const [layer, norm] of Object.entries(evaluation?.activation_norms ?? {})) {
    if (typeof norm === "number" && norm > 0) norms.set(Number(layer), norm);
  }
  for (const { config, coef, coef_ratio } of steering?.runs ?? []) {
    const layer = config.vectors[0]?.layer;
    if (layer !== undefined && coef_ratio > 0) norms.set(layer, coef / coef_ratio);
  }
  return norms;
}
