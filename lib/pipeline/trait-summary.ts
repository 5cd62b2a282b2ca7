import { formatTraitId, type TraitId } from "#lib/core/names.ts";
import { parsePosition } from "#lib/core/position.ts";
import { parseJson } from "#lib/formats/json.ts";
import type { ResolvedConfig } from "./config.ts";
import { bestVector, parseEvaluationFile } from "./evaluation-rows.ts";
import { evaluationPath, resultPaths } from "./paths.ts";
import type { ArtifactStore } from "./ports.ts";
import { readRecords, type StageRecord } from "./records.ts";
import { type EvaluationRow, type RandomBand, type SteeringFile, steeringFileSchema } from "./results.ts";
import { isStageName, type StageName } from "./stages.ts";
import { parseVettingFile, summarise, type VettingSummary } from "./vetting.ts";

/** What the files say about one trait at one position and component. What was not made is null. */
export interface TraitSummary {
  trait: string;
  scenarios: VettingSummary | null;
  responses: VettingSummary | null;
  /** Vector files. */
  vectors: number;
  best: EvaluationRow | null;
  /** The most accurate layer of the probe method on held-out rows. */
  bestProbe: EvaluationRow | null;
  steering: SteeringFile | null;
  /** The random band where `steering.best` lies. */
  bestBand: RandomBand | null;
  /** Of the completed stages. */
  records: Partial<Record<StageName, StageRecord>>;
}

type Place = Pick<ResolvedConfig, "position" | "component">;

/** Reads a trait's result files. Throws `invalid-file` for a damaged one. */
export async function summariseTrait(
  artifacts: ArtifactStore,
  experiment: string,
  id: TraitId,
  { position, component }: Place,
): Promise<TraitSummary> {
  const paths = resultPaths(experiment, id, parsePosition(position), component);
  const trait = formatTraitId(id);
  const evaluations = await artifacts.readText(evaluationPath(experiment));
  const rows =
    evaluations === null ? [] : parseEvaluationFile(evaluations, evaluationPath(experiment)).all_results;
  const here = rows.filter(
    (row) => row.trait === trait && row.position === position && row.component === component,
  );
  const steeringText = await artifacts.readText(paths.steering.results);
  const steering =
    steeringText === null ? null : parseJson(steeringText, paths.steering.results, steeringFileSchema);
  const vectorFiles = await artifacts.list(paths.vectorsFolder);
  return {
    trait,
    scenarios: await vetting(artifacts, paths.scenarioScores),
    responses: await vetting(artifacts, paths.responseScores),
    vectors: vectorFiles.filter((path) => /\/layer\d+\.safetensors$/.test(path)).length,
    best: bestVector(rows, { trait, position, component }),
    bestProbe: mostAccurate(here.filter(({ method }) => method === "probe")),
    steering,
    bestBand: steering ? bandOfBest(steering) : null,
    records: await completedStages(artifacts, paths.stages, position),
  };
}

async function vetting(artifacts: ArtifactStore, path: string): Promise<VettingSummary | null> {
  const text = await artifacts.readText(path);
  const results = text === null ? [] : parseVettingFile(text, path).results;
  // Where every scenario carries its answer, nothing was judged. Counted again: a person may have changed a verdict since
  // the file was written.
  return results.length === 0 ? null : summarise(results).summary;
}

function mostAccurate(rows: readonly EvaluationRow[]): EvaluationRow | null {
  return rows.reduce<EvaluationRow | null>(
    (best, row) => (best && (best.val_accuracy ?? 0) >= (row.val_accuracy ?? 0) ? best : row),
    null,
  );
}

export function bandOfBest({ best, random_band }: SteeringFile): RandomBand | null {
  return (
    random_band.find((band) => best && band.layer === best.layer && band.coef_ratio === best.coef_ratio) ??
    null
  );
}

async function completedStages(artifacts: ArtifactStore, path: string, position: string) {
  const found: Partial<Record<StageName, StageRecord>> = {};
  for (const [key, record] of Object.entries(await readRecords(artifacts, path))) {
    const [name = "", at] = key.split(" ");
    if (record.state === "done" && isStageName(name) && (at === undefined || at === position))
      found[name] = record;
  }
  return found;
}

/** Traits of the experiment that have results, by name. */
export async function traitsWithResults(artifacts: ArtifactStore, experiment: string): Promise<TraitId[]> {
  const found = new Map<string, TraitId>();
  for (const path of await artifacts.list(`experiments/${experiment}/extraction`)) {
    const [, , , category, trait, file] = path.split("/");
    if (category && trait && file) found.set(`${category}/${trait}`, { category, trait });
  }
  return [...found.values()];
}
