import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, parseExperimentName, parseTraitId } from "#lib/core/names.ts";
import type { RunRequest } from "#lib/pipeline/api.ts";
import { parseConfig, resolveConfig } from "#lib/pipeline/config.ts";
import { requireExperiment } from "#lib/pipeline/context.ts";
import type { RunSpec } from "#lib/pipeline/contract.ts";
import { configPath } from "#lib/pipeline/paths.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import { stageNames } from "#lib/pipeline/stages.ts";
import { experimentTraits } from "#lib/pipeline/trait-list.ts";

/**
 * What a request means, wholly resolved against config.json.
 * Throws `not-found` (experiment), `invalid-file` (config.json), `usage` (a name, a setting, no trait).
 */
export async function specOf(request: RunRequest, runId: string, artifacts: ArtifactStore): Promise<RunSpec> {
  const experiment = parseExperimentName(request.experiment);
  const file = parseConfig(await requireExperiment({ artifacts }, experiment), configPath(experiment));
  const config = resolveConfig(file, request.config);
  const named = request.traits?.map(parseTraitId);
  const all = named ?? (await experimentTraits(file, artifacts));
  const traits = [...new Map(all.map((id) => [formatTraitId(id), id])).values()];
  if (traits.length === 0) {
    throw new AppError(
      "usage",
      `experiment ${experiment} has no traits: write one (tiller traits new category/name), or name them in config.json`,
    );
  }
  const wanted = new Set(request.stages ?? stageNames);
  return {
    run_id: runId,
    experiment,
    traits,
    stages: stageNames.filter((stage) => wanted.has(stage)),
    config,
  };
}

/** `20260102-030405-1a2b`: sorts by time, and can be typed. */
export function makeRunId(at: Date, random: string): string {
  const stamp = at.toISOString().replace(/\D/g, "").slice(0, 14);
  return `${stamp.slice(0, 8)}-${stamp.slice(8)}-${random}`;
}
