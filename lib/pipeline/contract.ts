import { z } from "zod";
import type { TraitId } from "#lib/core/names.ts";
import type { ResolvedConfig } from "./config.ts";
import { type StageName, stageNames } from "./stages.ts";

/** One run: what is to be done, wholly resolved. The same spec on the same files gives the same results. */
export interface RunSpec {
  run_id: string;
  experiment: string;
  traits: TraitId[];
  /** The stages asked for; the configuration may still skip some (`vet`, `steering`, `prefill_only`). */
  stages: StageName[];
  config: ResolvedConfig;
  /** What the judge cost in earlier attempts of this same run; counts against `max_cost_usd`. */
  spent_usd?: number;
}

/**
 * `done`: recorded with the same inputs and settings, outputs there. `stale`: recorded with others. `pending`: never completed.
 * `imported`: the outputs are there but no run of Tiller recorded them; they are used as they are.
 * `skipped`: not asked for or switched off.
 */
export const planStates = ["done", "stale", "pending", "imported", "skipped"] as const;

const planStageSchema = z.object({
  stage: z.enum(stageNames),
  state: z.enum(planStates),
  /** Asked for, and not done: the run will work on it. */
  will_run: z.boolean(),
  /** Finished items are never repeated: only `to_do` cost anything. */
  items: z.object({ total: z.number(), finished: z.number(), to_do: z.number() }),
  judge_calls: z.object({ to_do: z.number(), cached: z.number() }),
  /** Rows the model generates or reads. */
  model_rows: z.number(),
  /** The counts rest on an earlier stage of this run whose outcome is not known yet: an upper bound. */
  estimate: z.boolean(),
  /** Why it is stale, skipped or cannot run, in words. */
  reason: z.string().optional(),
  /** How the matrix labels it: finished at (ISO 8601), when recorded. */
  completed_at: z.string().optional(),
});
export type PlanStage = z.infer<typeof planStageSchema>;

const planTraitSchema = z.object({
  trait: z.string(),
  pairs: z.number(),
  questions: z.number(),
  stages: z.array(planStageSchema),
  /** Why it cannot run, in a plan that lists such traits instead of failing. */
  error: z.string().optional(),
});
export type PlanTrait = z.infer<typeof planTraitSchema>;

export const runPlanSchema = z.object({
  experiment: z.string(),
  traits: z.array(planTraitSchema),
  judge_calls: z.object({ to_do: z.number(), cached: z.number() }),
  model_rows: z.number(),
  /** Null when the judge's price is unknown. */
  estimated_cost_usd: z.number().nullable(),
  warnings: z.array(z.string()),
});
export type RunPlan = z.infer<typeof runPlanSchema>;

const interval = z.tuple([z.number(), z.number()]);

const bestVectorSchema = z.object({
  method: z.string(),
  layer: z.number(),
  val_accuracy: z.number().nullable(),
  val_auroc: z.number().nullable(),
});

const steeringOutcomeSchema = z.object({
  layer: z.number(),
  coef: z.number(),
  coef_ratio: z.number(),
  method: z.string(),
  delta: z.number(),
  delta_ci: interval,
  coherence: z.number(),
  /** Deltas of random unit vectors at the same layer and coefficient. */
  random_band: z.object({ low: z.number(), high: z.number(), n: z.number() }),
});

/** A figure that was not measured (stage skipped or failed) is null. */
export const runResultSchema = z.object({
  run_id: z.string(),
  traits: z.array(
    z.object({
      trait: z.string(),
      scenario_pass_rate: z.number().nullable(),
      response_pass_rate: z.number().nullable(),
      /** Vector files on disk at this position and component. */
      vectors: z.number(),
      best: bestVectorSchema.nullable(),
      /** The best coherent setting; null when steering did not run or no setting was coherent. */
      steering: steeringOutcomeSchema.nullable(),
      /** Why the trait stopped early; absent when it did not. */
      error: z.string().optional(),
    }),
  ),
  warnings: z.array(z.string()),
  seconds_by_stage: z.partialRecord(z.enum(stageNames), z.number()),
  judge_calls: z.number(),
  cost_usd: z.number().nullable(),
  /** Items whose error is recorded (a judge's or an empty slice); more than 0 means exit code 3. */
  failed_items: z.number(),
});

/** The document `tiller run --json` ends with (contract.md). */
export type RunResult = z.infer<typeof runResultSchema>;
