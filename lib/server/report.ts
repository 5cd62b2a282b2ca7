import { AppError } from "#lib/core/errors.ts";
import { parseExperimentName } from "#lib/core/names.ts";
import { parseConfig, resolveConfig } from "#lib/pipeline/config.ts";
import { requireExperiment } from "#lib/pipeline/context.ts";
import { configPath } from "#lib/pipeline/paths.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import { buildReport, type ExperimentReport } from "#lib/pipeline/report.ts";
import { readJudgeModel } from "./judge-model.ts";

/** The experiment's report as its files are now. Throws `not-found` (experiment, results), `usage` (its name). */
export async function readReport(
  artifacts: ArtifactStore,
  experiment: string,
  home: string,
): Promise<ExperimentReport> {
  const name = parseExperimentName(experiment);
  const config = resolveConfig(parseConfig(await requireExperiment({ artifacts }, name), configPath(name)));
  // A judge that was removed since has nothing to say of itself.
  const judge =
    config.judge === "builtin"
      ? await readJudgeModel(config.judge_model, { home }).catch(() => undefined)
      : undefined;
  const report = await buildReport(name, config, { artifacts }, judge?.agreement);
  if (report.traits.length > 0) return report;
  throw new AppError("not-found", `experiment ${name} has no results yet: tiller run --experiment ${name}`);
}
