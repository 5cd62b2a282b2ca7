import { z } from "zod";
import { payloadTypes } from "./payload-types.ts";
import { rejectionReasons } from "./reasons.ts";
import {
  acceptedRecordSchema,
  critiqueRecordSchema,
  gateResultSchema,
  rejectedRecordSchema,
  teacherRecordSchema,
  verdicts,
} from "./records.ts";
import { refineryRequestSchema } from "./request.ts";

// What HTTP carries of the Refinery besides its builds.

const counted = z.object({ plan: z.number(), drafts: z.number(), critiques: z.number() });

/** What a start would do. Tokens of texts that are not written yet are taken as long as they may get. */
export const estimateSchema = z.object({
  join: z.object({
    planned: z.number(),
    unreadable: counted,
    duplicates: counted,
    unmatched: z.object({ drafts: z.number(), critiques: z.number() }),
    verdicts: z.record(z.string(), z.number()),
    skipped: z.object({ critique_reject: z.number(), missing_inputs: z.number(), resume: z.number() }),
    missing_critique: z.number(),
    left: z.number(),
    to_refine: z.number(),
  }),
  calls: z.object({ plan: z.number(), drafts: z.number(), critiques: z.number(), refine: z.number() }),
  prompt_tokens: z.number(),
  longest_prompt_tokens: z.number(),
  completion_tokens_at_most: z.number(),
  /** Null where the price is unknown. */
  cost_usd_at_most: z.number().nullable(),
  /** Lines that cannot be read, by file and line. */
  unreadable: z.array(z.string()),
});
export type RefineryEstimate = z.infer<typeof estimateSchema>;

/** POST /api/refinery/{name}/plan: what a build of this name would do. */
export const refineryPlanSchema = z.object({ request: refineryRequestSchema });

/** Inputs of earlier builds, to choose from: paths relative to a build's folder. */
export const refineryInputsSchema = z.object({
  inputs: z.array(
    z.object({ kind: z.enum(["plan", "drafts", "critiques"]), build: z.string(), path: z.string() }),
  ),
});

export const outcomes = ["accepted", "rejected"] as const;

/** One record with an outcome. */
export const refineryRowSchema = z.object({
  id: z.string(),
  outcome: z.enum(outcomes),
  /** Empty where the plan has no such record any more. */
  category: z.string(),
  payload_type: z.string(),
  difficulty: z.string(),
  verdict: z.enum([...verdicts, "none"]),
  reasons: z.array(z.enum(rejectionReasons)),
});
export type RefineryRow = z.infer<typeof refineryRowSchema>;

const tally = z.array(z.object({ name: z.string(), n: z.number().int() }));

/** How far records came, and why the others did not. */
export const refineryOverviewSchema = z.object({
  /** From planned to accepted, each a part of the one before; refined: without those that their critique rejects. */
  funnel: tally,
  reasons: tally,
  categories: z.array(z.string()),
  payload_types: z.array(z.string()),
  /** Plan records that are not refined yet. */
  left: z.number().int(),
  critique_reject: z.number().int(),
  missing_draft: z.number().int(),
  /** Accepted contrast pairs can be made a trait of. */
  has_pairs: z.boolean(),
});
export type RefineryOverview = z.infer<typeof refineryOverviewSchema>;

export const refineryFilterSchema = z.object({
  outcome: z.enum(outcomes).nullish(),
  reason: z.enum(rejectionReasons).nullish(),
  category: z.string().nullish(),
  type: z.enum(payloadTypes).nullish(),
  verdict: z.enum([...verdicts, "none"]).nullish(),
  /** Part of an id. */
  search: z.string().nullish(),
});
export type RefineryFilter = z.infer<typeof refineryFilterSchema>;

export const rowsPerPage = 25;

/** GET /api/refinery/{name}/records. */
export const refineryRowsSchema = z.object({ total: z.number().int(), rows: z.array(refineryRowSchema) });

/** GET /api/refinery/{name}/record?id=…: one record with everything that led to its outcome. */
export const refineryDetailSchema = z.object({
  id: z.string(),
  outcome: z.enum(outcomes),
  prompt: z.string().nullable(),
  /** As texts, to be compared. */
  draft: z.string().nullable(),
  refined: z.string().nullable(),
  critique: critiqueRecordSchema.nullable(),
  reasons: z.array(z.enum(rejectionReasons)),
  contract: rejectedRecordSchema.shape.contract.nullable(),
  gates: z.record(z.string(), gateResultSchema),
  teacher: teacherRecordSchema,
  created_at: acceptedRecordSchema.shape.created_at,
});
export type RefineryDetail = z.infer<typeof refineryDetailSchema>;

/** POST /api/refinery/{name}/retry. */
export const refineryRetrySchema = z.object({ ids: z.array(z.string().min(1)).min(1).max(10_000) });
