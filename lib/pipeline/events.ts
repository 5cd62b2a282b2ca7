import { z } from "zod";
import { errorJsonSchema } from "#lib/core/errors.ts";
import { memorySchema } from "#lib/engine/lending/messages.ts";
import { stageNames } from "./stages.ts";

/** `skipped`: switched off or not asked for; `current`: done before with the same inputs and settings. */
export const stageRunStates = ["running", "done", "current", "skipped", "failed"] as const;

const at = z.object({ at: z.string() });
const where = at.extend({ trait: z.string(), stage: z.enum(stageNames) });
const counts = { done: z.number(), total: z.number(), failed: z.number() };

const workSchema = z.object({
  /** Who did it, for people: a browser tab's name. */
  worker: z.string(),
  device: z.string(),
  kind: z.enum(["generate", "capture"]),
  rows: z.number(),
  seconds: z.number(),
  /** Written one after the other; null for rows that were read or judged. */
  tokens: z.number().nullable(),
  memory: memorySchema.nullable(),
});
/** A batch of model work that was lent and came back. */
export type DoneWork = z.infer<typeof workSchema>;

/** What a run tells while it runs, in order. `at` is ISO 8601; `trait` is `category/trait`. */
export const runEventSchema = z.discriminatedUnion("kind", [
  where.extend({
    kind: z.literal("stage"),
    state: z.enum(stageRunStates),
    seconds: z.number().optional(),
    ...counts,
  }),
  where.extend({
    kind: z.literal("progress"),
    ...counts,
    /** What is being counted: `generations`, `judgements`, `activations`, `layers`, `steered generations` … */
    unit: z.string(),
  }),
  at.extend({
    kind: z.literal("notice"),
    level: z.enum(["info", "warning"]),
    message: z.string(),
    trait: z.string().optional(),
    stage: z.enum(stageNames).optional(),
  }),
  where.extend({
    kind: z.literal("item-failed"),
    /** For instance `positive 12` (the 1-based line of the scenario). */
    item: z.string(),
    error: errorJsonSchema,
  }),
  /** Vetted texts as their scores come, some at a time; `score` is null for a judge's error. */
  where.extend({
    kind: z.literal("judged"),
    scores: z.array(
      z.object({
        polarity: z.enum(["positive", "negative"]),
        /** 0-based scenario. */
        idx: z.number().int(),
        text: z.string(),
        /** Of a response: what it completes. */
        scenario: z.string().optional(),
        score: z.number().nullable(),
      }),
    ),
  }),
  /** Totals of the run so far; `cost_usd` is null when the judge's price is unknown. */
  at.extend({
    kind: z.literal("judge"),
    calls: z.number(),
    cached: z.number(),
    cost_usd: z.number().nullable(),
  }),
  at.extend({ kind: z.literal("work"), work: workSchema }),
  at.extend({
    kind: z.literal("run"),
    state: z.enum(["running", "done", "failed", "paused", "cancelled", "interrupted"]),
    message: z.string().optional(),
  }),
]);

export type RunEvent = z.infer<typeof runEventSchema>;
export type JudgedScore = Extract<RunEvent, { kind: "judged" }>["scores"][number];
