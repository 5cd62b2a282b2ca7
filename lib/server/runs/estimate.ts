import type { RunPlan, RunSpec } from "#lib/pipeline/contract.ts";
import type { StageName } from "#lib/pipeline/stages.ts";
import type { RunRecord } from "../database/runs.ts";

/**
 * Seconds a plan will take, from what each stage took in earlier runs with the same models and judge.
 * @returns null before every stage that has work was measured once
 */
export function estimateSeconds(
  plan: RunPlan,
  { config }: Pick<RunSpec, "config">,
  earlier: readonly RunRecord[],
): number | null {
  const alike = earlier.filter(
    ({ spec }) =>
      spec.config.extraction_model === config.extraction_model &&
      spec.config.application_model === config.application_model &&
      spec.config.judge === config.judge &&
      spec.config.judge_model === config.judge_model &&
      spec.config.device === config.device,
  );
  const pace = secondsPerItem(alike);
  let total = 0;
  for (const stage of plan.traits.flatMap(({ stages }) => stages)) {
    if (!stage.will_run || stage.items.to_do === 0) continue;
    const seconds = pace.get(stage.stage);
    if (seconds === undefined) return null;
    total += seconds * stage.items.to_do;
  }
  return total;
}

/** Only stages that did all their items in one go tell a pace. */
function secondsPerItem(runs: readonly RunRecord[]): Map<StageName, number> {
  const sums = new Map<StageName, { seconds: number; items: number }>();
  for (const { plan, progress } of runs) {
    for (const stage of progress.stages) {
      const planned = plan.traits
        .find(({ trait }) => trait === stage.trait)
        ?.stages.find((entry) => entry.stage === stage.stage);
      if (stage.state !== "done" || stage.seconds === null || !planned || planned.items.finished > 0)
        continue;
      // Counted as the plan counts: a stage may tell its progress in another unit.
      const items = planned.items.to_do;
      if (items === 0) continue;
      const sum = sums.get(stage.stage) ?? { seconds: 0, items: 0 };
      sums.set(stage.stage, { seconds: sum.seconds + stage.seconds, items: sum.items + items });
    }
  }
  return new Map([...sums].map(([stage, { seconds, items }]) => [stage, seconds / items]));
}
