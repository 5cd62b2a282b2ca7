import { z } from "zod";
import { errorJsonSchema } from "#lib/core/errors.ts";

/** Why a scenario gave no sample. */
export const rejectionReasons = [
  "unreadable row",
  "no situation",
  "no character",
  "situation too long",
  "situation breaks the layout",
  "duplicate scenario",
  "empty reaction",
  "identical reactions",
  "reaction too long",
  "reaction breaks the options",
] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

export const scenarioSchema = z.object({
  situation: z.string(),
  /** The character who reacts. */
  name: z.string(),
  /** What the character is asked; null: the usual question. */
  question: z.string().nullable(),
});
export type Scenario = z.infer<typeof scenarioSchema>;

const answerSchema = z.object({
  model: z.string(),
  attempted_models: z.array(z.string()),
  request_id: z.string().nullable(),
  total_time_ms: z.number(),
  prompt_tokens: z.number().int().nullable(),
  completion_tokens: z.number().int().nullable(),
  cost_usd: z.number().nullable(),
});
export type AnswerRecord = z.infer<typeof answerSchema>;

/** `asked`: of the teacher; `file`: of the prompt set's own data; `composed`: made of the personality's word. */
const originSchema = z.enum(["asked", "file", "composed"]);

/** What both characters are told they are. */
export const personaSchema = z.object({
  kind: z.literal("persona"),
  /** `words`: of the personality; the descriptions: of one character. */
  role: z.enum(["words", "positive", "neutral"]),
  /** Null for the words. */
  name: z.string().nullable(),
  text: z.string(),
  origin: originSchema,
  /** Null where nobody was asked. */
  answer: answerSchema.nullable(),
});
export type PersonaRecord = z.infer<typeof personaSchema>;

const ofScenario = {
  /** 1-based, in the source. */
  row: z.number().int(),
  /** What the source calls it. */
  id: z.string(),
};

export const sampleSchema = z.object({
  kind: z.literal("sample"),
  ...ofScenario,
  scenario: scenarioSchema,
  /** The reactions. */
  positive: z.string(),
  neutral: z.string(),
  /** Which option is the first. */
  first: z.enum(["positive", "neutral"]),
  /** Null for a line that only the dataset's own file still knew. */
  answers: z.object({ positive: answerSchema, neutral: answerSchema }).nullable(),
  created_at: z.string(),
});
export type SampleRecord = z.infer<typeof sampleSchema>;

export const rejectedSchema = z.object({
  kind: z.literal("rejected"),
  ...ofScenario,
  reason: z.enum(rejectionReasons),
  /** In a person's words: what it repeats, which text is too long. */
  details: z.string(),
  scenario: scenarioSchema.nullable(),
  /** Null where nobody was asked. */
  positive: z.string().nullable(),
  neutral: z.string().nullable(),
});
export type RejectedRecord = z.infer<typeof rejectedSchema>;

/** Asked again by the next start. */
export const failedSchema = z.object({
  kind: z.literal("failed"),
  ...ofScenario,
  scenario: scenarioSchema,
  error: errorJsonSchema,
});
export type FailedRecord = z.infer<typeof failedSchema>;

/** What became of a scenario. */
export const outcomeSchema = z.discriminatedUnion("kind", [sampleSchema, rejectedSchema, failedSchema]);
export type Outcome = z.infer<typeof outcomeSchema>;

/** What determines the samples of one dataset: a start with other settings begins another. */
export const settingsSchema = z.object({
  personality: z.string(),
  source: z.object({
    /** `bundled`, a file's name, a dataset's id. */
    dataset: z.string(),
    config: z.string().nullable(),
    split: z.string().nullable(),
    /** The commit, or the file's SHA-256. */
    revision: z.string(),
  }),
  columns: z.record(z.string(), z.string()),
  provider: z.string(),
  models: z.array(z.string()),
  /** `p2-1@1a2b3c4d` */
  prompts: z.string(),
  temperature: z.number(),
  seed: z.number().int(),
  layout: z.string(),
});
export type BuildSettings = z.infer<typeof settingsSchema>;

/** The first line of a working journal. */
export const headerSchema = z.object({
  kind: z.literal("build"),
  version: z.literal(1),
  settings: settingsSchema,
});

/** A line of the working journal `….work.ndjson`: the truth about a build. */
export const journalLineSchema = z.discriminatedUnion("kind", [
  headerSchema,
  personaSchema,
  sampleSchema,
  rejectedSchema,
  failedSchema,
]);
export type JournalLine = z.infer<typeof journalLineSchema>;

/** In how many samples the positive option is the first, with its 95 % interval (Wilson). */
export const balanceSchema = z.object({
  positive_first: z.number().int(),
  n: z.number().int(),
  share: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
});
export type Balance = z.infer<typeof balanceSchema>;

/** `….checkpoint.json`: formats.md's three fields, and what a start needs to go on. */
export const checkpointSchema = z.looseObject({
  num_generated: z.number().int().min(0),
  /** The dataset's name, beside the checkpoint. */
  output_file: z.string(),
  timestamp: z.string(),
  settings: settingsSchema.optional(),
  /** Absent in a checkpoint of another program. */
  finished: z.boolean().optional(),
  /** The source was read to its end. */
  exhausted: z.boolean().optional(),
  rejected: z.record(z.string(), z.number().int()).optional(),
  failed: z.number().int().optional(),
  balance: balanceSchema.optional(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** One dataset of a build, as it stands. */
export const datasetSummarySchema = z.object({
  personality: z.string(),
  /** Below the output folder; "" for the only one. */
  folder: z.string(),
  /** The dataset, in the output folder. */
  file: z.string(),
  checkpoint: z.string(),
  /** Its working journal. */
  work: z.string(),
  samples: z.number().int(),
  rejected: z.record(z.string(), z.number().int()),
  failed: z.number().int(),
  balance: balanceSchema,
  finished: z.boolean(),
  settings: settingsSchema.nullable(),
});
export type DatasetSummary = z.infer<typeof datasetSummarySchema>;
