import { z } from "zod";
import { parseModes } from "./modes.ts";
import { payloadTypes } from "./payload-types.ts";
import { rejectionReasons } from "./reasons.ts";

// Records as they lie in files; fields that are not named here are kept.

export const planRecordSchema = z.looseObject({
  id: z.string().min(1),
  category: z.string(),
  difficulty: z.string(),
  region_tags: z.array(z.string()),
  payload_type: z.enum(payloadTypes),
  template_version: z.string(),
  template_name: z.string(),
  prompt: z.string().min(1),
});
export type PlanRecord = z.infer<typeof planRecordSchema>;

export const teacherRecordSchema = z.looseObject({
  provider: z.string(),
  /** Null where no model answered. */
  selected_model: z.string().nullable(),
  attempted_models: z.array(z.string()),
  request_id: z.string().nullable(),
  timing: z.looseObject({ total_time_ms: z.number() }).nullable(),
  usage: z.looseObject({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullable(),
});
export type TeacherRecord = z.infer<typeof teacherRecordSchema>;

/** Of `response` (an object or a text) and `raw_text`, one has to be there. */
export const draftRecordSchema = z
  .looseObject({
    id: z.string().min(1),
    response: z.unknown().optional(),
    raw_text: z.string().nullish(),
  })
  .refine(({ response, raw_text }) => (response ?? raw_text ?? "") !== "", {
    message: "neither response nor raw_text is there",
  });
export type DraftRecord = z.infer<typeof draftRecordSchema>;

export const verdicts = ["pass", "revise", "reject"] as const;
export type Verdict = (typeof verdicts)[number];

const issueSchema = z.looseObject({
  type: z.string().catch("other"),
  severity: z.string().catch("unknown"),
  message: z.string().catch(""),
  evidence_path: z.string().nullish().catch(null),
});

/** What a critic says; all but the verdict may be missing. */
export const critiqueBodySchema = z.looseObject({
  verdict: z.preprocess(
    (value) => (typeof value === "string" ? value.trim().toLowerCase() : value),
    z.enum(verdicts),
  ),
  issues: z.array(issueSchema).catch([]),
  scores: z.record(z.string(), z.unknown()).catch({}),
  hallucination: z.looseObject({}).nullish().catch(null),
  verification: z.looseObject({}).nullish().catch(null),
  rewrite_instructions: z
    .preprocess((value) => (typeof value === "string" ? [value] : value), z.array(z.string()))
    .catch([]),
});

export const critiqueRecordSchema = critiqueBodySchema.extend({
  id: z.string().min(1),
  draft_id: z.string().nullish(),
});
export type CritiqueRecord = z.infer<typeof critiqueRecordSchema>;

/** Envelope v0 as the schema file has it; the payload's shape is its own schema's affair. */
export interface Envelope {
  summary: string;
  assumptions: string[];
  uncertainty_notes: string;
  next_steps: string[];
  verification_steps: string[];
  payload_type: (typeof payloadTypes)[number];
  payload: Record<string, unknown>;
}

export const gateResultSchema = z.object({
  passed: z.boolean(),
  reason_code: z.enum(["ok", "skipped_contract_failed", ...rejectionReasons]),
  details: z.record(z.string(), z.unknown()),
});
const gatesSchema = z.record(z.string(), gateResultSchema);
export type GateResults = z.infer<typeof gatesSchema>;

export const acceptedRecordSchema = planRecordSchema.extend({
  response: z.looseObject({}),
  teacher: teacherRecordSchema,
  quality: z.object({ overall_ok: z.boolean(), gates: gatesSchema }),
  created_at: z.string(),
});
export type AcceptedRecord = Omit<z.infer<typeof acceptedRecordSchema>, "response"> & { response: Envelope };

export const rejectedRecordSchema = z.looseObject({
  id: z.string(),
  reason_codes: z.array(z.enum(rejectionReasons)),
  contract: z.object({
    envelope_ok: z.boolean(),
    payload_ok: z.boolean(),
    parse_mode: z.enum(parseModes),
    errors: z.array(z.string()),
  }),
  /** Null without a critique. */
  critique_summary: z
    .object({
      verdict: z.enum(verdicts),
      top_issues: z.array(z.object({ type: z.string(), severity: z.string(), message: z.string() })),
    })
    .nullable(),
  /** Null where no answer came. */
  raw_refined_text: z.string().nullable(),
  gates: gatesSchema,
  teacher: teacherRecordSchema,
  created_at: z.string(),
});
export type RejectedRecord = z.infer<typeof rejectedRecordSchema>;
