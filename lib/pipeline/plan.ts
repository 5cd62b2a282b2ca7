import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, type TraitId } from "#lib/core/names.ts";
import { judgeWarnings } from "#lib/judge/warnings.ts";
import { allStages, checkStages, needsOf, skipReason } from "./all-stages.ts";
import {
  createRunContext,
  openTrait,
  type RunContext,
  requireExperiment,
  type TraitContext,
} from "./context.ts";
import type { PlanStage, PlanTrait, RunPlan, RunSpec } from "./contract.ts";
import type { PipelinePorts } from "./ports.ts";
import { readRecords, type StageRecords } from "./records.ts";
import { isMissingInput, noWork, type Stage, type StageWork } from "./stage.ts";
import type { StageName } from "./stages.ts";
import { stageStatus } from "./status.ts";

export interface PlanOptions {
  /** A trait that cannot be planned is listed with its error instead of failing the plan (for pages that show many). */
  tolerant?: boolean;
}

/**
 * What a run would do: per trait and stage its state, the items left, judge calls and their cost. No model is loaded and
 * no judge asked. Checks everything that can be checked now.
 * Throws `not-found` (experiment, trait, model, missing files), `invalid-file` (with file and line), `usage`.
 */
export async function planRun(
  spec: RunSpec,
  ports: PipelinePorts,
  options: PlanOptions = {},
): Promise<RunPlan> {
  await requireExperiment(ports, spec.experiment);
  checkStages(spec);
  const run = createRunContext(spec, { ...ports, emit: () => {} });
  const costs: (number | null)[] = [];
  const warnings: string[] = [];
  const traits: PlanTrait[] = [];
  for (const id of spec.traits) {
    try {
      traits.push(await planTrait(run, id, costs, warnings));
    } catch (thrown) {
      if (!options.tolerant) throw thrown;
      const error = AppError.from(thrown).userMessage;
      traits.push({ trait: formatTraitId(id), pairs: 0, questions: 0, stages: [], error });
    }
  }
  const stages = traits.flatMap((trait) => trait.stages).filter(({ will_run }) => will_run);
  const sum = (value: (stage: PlanStage) => number) =>
    stages.reduce((total, stage) => total + value(stage), 0);
  if (stages.some(({ judge_calls }) => judge_calls.to_do + judge_calls.cached > 0)) {
    const { extraction_model, application_model } = spec.config;
    const { transport } = await run.judge();
    const known = judgeWarnings(
      transport,
      [extraction_model, application_model],
      spec.traits.map(({ trait }) => trait),
    );
    warnings.push(...known.map(({ message }) => message));
  }
  return {
    experiment: spec.experiment,
    traits,
    judge_calls: {
      to_do: sum(({ judge_calls }) => judge_calls.to_do),
      cached: sum(({ judge_calls }) => judge_calls.cached),
    },
    model_rows: sum(({ model_rows }) => model_rows),
    estimated_cost_usd: costs.includes(null)
      ? null
      : costs.reduce<number>((total, cost) => total + (cost ?? 0), 0),
    warnings,
  };
}

// Below this many pairs the figures say little (product.md section 2).
const FEW_PAIRS = 15;

async function planTrait(
  run: RunContext,
  id: TraitId,
  costs: (number | null)[],
  warnings: string[],
): Promise<PlanTrait> {
  const trait = await openTrait(run, id);
  const records = await readRecords(run.ports.artifacts, trait.paths.stages);
  const stages: PlanStage[] = [];
  const willRun = new Set<StageName>();
  for (const stage of allStages) {
    const { planned, cost } = await planStage(stage, trait, records, willRun);
    stages.push(planned);
    if (!planned.will_run) continue;
    willRun.add(stage.name);
    costs.push(cost);
  }
  if (trait.pairs.length < FEW_PAIRS) {
    warnings.push(
      `${trait.name}: ${trait.pairs.length} pairs are few: write at least ${FEW_PAIRS} to vet, 100 to rely on`,
    );
  }
  return {
    trait: trait.name,
    pairs: trait.pairs.length,
    questions: trait.trait.steering?.questions.length ?? 0,
    stages,
  };
}

async function planStage(
  stage: Stage,
  trait: TraitContext,
  records: StageRecords,
  willRun: ReadonlySet<StageName>,
): Promise<{ planned: PlanStage; cost: number | null }> {
  const { spec } = trait.run;
  const record = records[stage.recordKey(trait)];
  const completed =
    record?.state === "done" && record.completed_at ? { completed_at: record.completed_at } : {};
  const make = (
    state: PlanStage["state"],
    will_run: boolean,
    work: StageWork,
    estimate: boolean,
    reason?: string,
  ) => ({
    planned: {
      stage: stage.name,
      state,
      will_run,
      items: work.items,
      judge_calls: work.judge_calls,
      model_rows: work.model_rows,
      estimate,
      ...(reason === undefined ? {} : { reason }),
      ...completed,
    },
    cost: work.cost_usd,
  });
  const skipped = skipReason(stage.name, spec);
  if (skipped !== null) return make("skipped", false, noWork, false, skipped);
  const upstream = needsOf(stage.name).filter((need) => willRun.has(need));
  if (upstream.length > 0) {
    const state = record?.state === "done" ? "stale" : "pending";
    return make(state, true, await stage.estimate(trait), true, `after ${upstream.join(" and ")}`);
  }
  const prepared = await stage.prepare(trait);
  const status = await stageStatus(stage, trait, prepared, record);
  if (status.state === "done" || status.state === "imported") {
    const total =
      Object.values(record?.counts ?? {}).length === 0 ? 0 : (await stage.estimate(trait)).items.total;
    const items = { total, finished: total, to_do: 0 };
    return make(status.state, false, { ...noWork, items }, false, status.reason);
  }
  // Steering cannot look its items up before the baseline is generated: an upper bound.
  return make(status.state, true, await prepared.count(), stage.name === "steer", status.reason);
}

/** True when the plan failed for want of an earlier stage's file. */
export { isMissingInput };
