import { z } from "zod";
import { errorJsonSchema } from "#lib/core/errors.ts";
import { memorySchema } from "#lib/engine/lending/messages.ts";
import { runDevices } from "#lib/engine/run-device.ts";
import { configSchema } from "./config.ts";
import { runPlanSchema, runResultSchema } from "./contract.ts";
import { stageRunStates } from "./events.ts";
import { stageNames } from "./stages.ts";

// What the HTTP surface takes and gives: the server, the pages and the command line's hand-over share these shapes.
// Errors of every route: {error: ErrorJson} with a fitting status.

export const errorResponseSchema = z.object({ error: errorJsonSchema });

/** `queued` waits for the run before it; `interrupted` was killed and goes on when the server starts. */
export const runStates = [
  "queued",
  "running",
  "paused",
  "cancelled",
  "interrupted",
  "failed",
  "done",
] as const;
export type RunState = (typeof runStates)[number];

/** POST /api/runs and POST /api/experiments/{exp}/plan. No traits: all of the experiment; no stages: all. */
export const runRequestSchema = z.object({
  experiment: z.string(),
  traits: z.array(z.string()).optional(),
  stages: z.array(z.enum(stageNames)).optional(),
  config: configSchema.default({}),
});
export type RunRequest = z.infer<typeof runRequestSchema>;

export const planResponseSchema = z.object({
  plan: runPlanSchema,
  /** The same run as a command to copy. */
  command: z.string(),
  /** Seconds, from rates measured in earlier runs on this machine; null before the first. */
  estimated_seconds: z.number().nullable(),
});
export type PlanResponse = z.infer<typeof planResponseSchema>;

export const runSummarySchema = z.object({
  run_id: z.string(),
  experiment: z.string(),
  traits: z.array(z.string()),
  state: z.enum(runStates),
  created_at: z.string(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

export const stageProgressSchema = z.object({
  trait: z.string(),
  stage: z.enum(stageNames),
  state: z.enum(["waiting", ...stageRunStates]),
  done: z.number(),
  total: z.number(),
  failed: z.number(),
  unit: z.string().nullable(),
  /** When this stage began in this run; rate and ETA are derived from it. */
  started_at: z.string().nullable(),
  seconds: z.number().nullable(),
});
export type StageProgress = z.infer<typeof stageProgressSchema>;

/** GET /api/runs/{id}, and the first message of its event stream (event `snapshot`; RunEvents follow as event `run`). */
export const runSnapshotSchema = runSummarySchema.extend({
  stages: z.array(stageProgressSchema),
  judge: z.object({ calls: z.number(), cached: z.number(), cost_usd: z.number().nullable() }),
  notices: z.array(z.object({ at: z.string(), level: z.enum(["info", "warning"]), message: z.string() })),
  failures: z.array(
    z.object({
      at: z.string(),
      trait: z.string(),
      stage: z.enum(stageNames),
      item: z.string(),
      message: z.string(),
    }),
  ),
  device: z.enum(runDevices),
  judge_device: z.enum(runDevices),
  /** Who did the model's work, where it was lent. */
  workers: z.array(
    z.object({
      name: z.string(),
      device: z.string(),
      batches: z.number(),
      rows: z.number(),
      seconds: z.number(),
      /** Tokens written, and the seconds of the batches that wrote them; absent in runs of an earlier version. */
      tokens: z.number().optional(),
      writing_seconds: z.number().optional(),
      /** As it was last told; null where it is not known. */
      memory: memorySchema.nullish(),
    }),
  ),
  error: errorJsonSchema.nullable(),
  result: runResultSchema.nullable(),
  command: z.string(),
});
export type RunSnapshot = z.infer<typeof runSnapshotSchema>;

/** GET /api/experiments */
export const experimentSummarySchema = z.object({
  name: z.string(),
  description: z.string().nullable(),
  traits: z.array(z.string()),
  /** Stages done, of traits × 7. */
  done: z.number(),
  total: z.number(),
  last_run: runSummarySchema.nullable(),
  /** What is in the way of a run of all its traits, the first; null when nothing is. */
  problem: z.string().nullable(),
  /** `builtin` or an endpoint's address, and its model's name. */
  judge: z.string(),
  judge_model: z.string(),
});
export const experimentsResponseSchema = z.object({ experiments: z.array(experimentSummarySchema) });
export type ExperimentSummary = z.infer<typeof experimentSummarySchema>;

/** POST /api/experiments. PATCH /api/experiments/{exp} takes `{config}` alone: the settings to change. */
export const newExperimentSchema = z.object({ name: z.string(), config: configSchema });
export type NewExperiment = z.infer<typeof newExperimentSchema>;

/** GET /api/experiments/{exp}: `plan` tells each trait's stages apart (done, stale, pending …). */
export const experimentResponseSchema = z.object({
  name: z.string(),
  config: configSchema,
  plan: runPlanSchema,
  runs: z.array(runSummarySchema),
  /** Every trait that could be added. */
  available_traits: z.array(z.string()),
  devices: z.array(z.object({ device: z.string(), available: z.boolean(), reason: z.string() })),
  has_report: z.boolean(),
});
export type ExperimentResponse = z.infer<typeof experimentResponseSchema>;
