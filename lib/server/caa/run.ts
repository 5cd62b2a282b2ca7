import type { BuildPorts } from "#lib/builds/ports.ts";
import { buildDataset } from "#lib/caa/build.ts";
import type { DatasetPlan } from "#lib/caa/dataset-plan.ts";
import { personaPrompts, usualTemperature } from "#lib/caa/persona-prompts.ts";
import { personalityFolder } from "#lib/caa/personalities.ts";
import { type CaaPlan, planBuild } from "#lib/caa/plan.ts";
import { type Preview, previewScenarios } from "#lib/caa/preview.ts";
import type { BuildSettings, DatasetSummary } from "#lib/caa/records.ts";
import type { CaaRequest, ScenarioSourceSettings } from "#lib/caa/request.ts";
import { resolveColumns } from "#lib/caa/scenarios/mapping.ts";
import { streamScenarios } from "#lib/caa/scenarios/stream.ts";
import { openScenarios, type SourcePlaces } from "./sources/open.ts";
import { writerPromptsOf } from "./writer-prompts.ts";

/** What a build came to. */
export interface CaaResult {
  datasets: DatasetSummary[];
  /** Scenarios whose calls failed: the same build asks again. */
  failed: number;
}

/**
 * Builds a dataset for each personality: in the output folder itself where it is one, else each in a folder of its own.
 * Called again over the same folder it goes on. Throws `aborted` and what stops every further call, with all that is
 * finished written.
 */
export async function runCaa(
  request: CaaRequest,
  ports: BuildPorts,
  places: SourcePlaces,
): Promise<CaaResult> {
  const { progress, teacher, signal } = ports;
  const { personalities, limit } = request;
  const { plans, source } = await prepare(request, places, signal);
  const total = limit ?? source.rows;
  progress.plan(personalities.map((name) => ({ name, unit: "samples", total })));
  const datasets: DatasetSummary[] = [];
  for (const plan of plans) datasets.push(await buildDataset(plan, ports));
  progress.spent(teacher.spent());
  return { datasets, failed: datasets.reduce((sum, { failed }) => sum + failed, 0) };
}

/** What a build would take; asks nobody but the dataset's host. */
export async function planCaa(request: CaaRequest, places: SourcePlaces): Promise<CaaPlan> {
  const { plans, source, columns } = await prepare(request, places, places.signal);
  return planBuild({
    dataset: source.name,
    columns: { ...columns },
    personalities: request.personalities,
    teacher: request.teacher,
    limit: request.limit,
    rows: source.rows,
    prompts: plans.map(({ prompts }) => prompts),
    scenarios: streamScenarios(source, columns, places.signal),
  });
}

/** The first rows of a dataset with the mapping that would be used. */
export async function previewCaa(settings: ScenarioSourceSettings, places: SourcePlaces): Promise<Preview> {
  return previewScenarios(await openScenarios(settings, places), settings.columns);
}

async function prepare(request: CaaRequest, places: SourcePlaces, signal: AbortSignal | undefined) {
  const source = await openScenarios(request, { ...places, signal });
  const columns = resolveColumns(await source.columns(), request.columns, source.name);
  const set = await writerPromptsOf(request.teacher, places.home);
  const { personalities, teacher, seed, layout, limit, checkpoint_interval } = request;
  const temperature = request.temperature ?? usualTemperature[set];
  const plans = personalities.map((personality): DatasetPlan => {
    const prompts = personaPrompts(set, { personality, temperature, seed });
    const settings: BuildSettings = {
      personality,
      source: source.settings,
      columns: { ...columns },
      provider: teacher.provider,
      models: teacher.models,
      prompts: prompts.version,
      temperature,
      seed,
      layout,
    };
    return {
      settings,
      layout,
      folder: personalities.length === 1 ? "" : `${personalityFolder(personality)}/`,
      prompts,
      scenarios: () => streamScenarios(source, columns, signal),
      rows: source.rows,
      limit,
      workers: teacher.workers,
      checkpointInterval: checkpoint_interval,
    };
  });
  return { plans, source, columns };
}
