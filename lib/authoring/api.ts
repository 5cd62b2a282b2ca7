import { z } from "zod";
import { errorJsonSchema } from "#lib/core/errors.ts";
import { polarities } from "#lib/core/names.ts";
import { textsSchema } from "#lib/traits/api.ts";

// What the routes of the writer take and give: the server and the pages share these shapes. Neither writes a file.

const isAddress = (value: string) => value === "builtin" || /^https?:\/\/[^/\s]/i.test(value);

/** Who writes: an endpoint's base URL with its model's name, or `builtin` with the id of an installed instruct model. */
export const writerSettingsSchema = z.object({
  judge: z.string().trim().refine(isAddress, {
    message: "write builtin, or an address such as https://api.openai.com/v1",
  }),
  model: z.string().trim().min(1, { message: "name a model" }),
});
export type WriterSettings = z.infer<typeof writerSettingsSchema>;

export const maxPairs = 40;
export const maxFixes = 20;
const maxWish = 2_000;

const common = {
  writer: writerSettingsSchema,
  /** The trait as the page has it now; without it, the files on disk. */
  texts: textsSchema.optional(),
  /** Another seed may bring another answer. */
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42),
};

/** What the calls took; null where the endpoint does not tell, or the price is not known. */
const spent = {
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullable(),
  cost_usd: z.number().nullable(),
  /** Prompt set and the short hash of its files: `batch-1@1a2b3c4d`. */
  prompt_version: z.string(),
};

export const draftPairSchema = z.object({ positive: z.string(), negative: z.string() });
export type DraftPair = z.infer<typeof draftPairSchema>;

/** POST /api/traits/{category}/{trait}/batch */
export const batchRequestSchema = z.object({
  ...common,
  count: z.number().int().min(1).max(maxPairs).default(16),
  /** What the pairs should be about, in words. */
  wish: z.string().max(maxWish).default(""),
});
export type BatchRequest = z.input<typeof batchRequestSchema>;

export const batchResponseSchema = z.object({
  pairs: z.array(draftPairSchema),
  /** What the writer wrote besides, and why it is of no use. A missing side is blank. */
  dropped: z.array(z.object({ pair: draftPairSchema, reason: z.string() })),
  ...spent,
});
export type BatchResponse = z.infer<typeof batchResponseSchema>;

const place = {
  polarity: z.enum(polarities),
  /** 0-based scenario. */
  index: z.number().int().nonnegative(),
};

/** A line that failed, and what is known of the failure. */
export const fixItemSchema = z.object({
  ...place,
  /** What the model answered to it. */
  response: z.string().nullable().default(null),
  /** Such as "ignores the lock-in". */
  failure_kind: z.string().max(200).nullable().default(null),
  advice: z.string().max(2_000).nullable().default(null),
});

/** POST /api/traits/{category}/{trait}/fixes */
export const fixesRequestSchema = z.object({
  ...common,
  items: z.array(fixItemSchema).min(1).max(maxFixes),
  /** Scenarios that passed (0-based, by side): some of the failing line's side are shown to the writer. */
  passed: z.partialRecord(z.enum(polarities), z.array(z.number().int().nonnegative())).default({}),
});
export type FixesRequest = z.input<typeof fixesRequestSchema>;

/** Exactly one of `suggestion` and `error` is there. */
export const fixOutcomeSchema = z.object({
  ...place,
  /** The line that failed, as it was read. */
  text: z.string().nullable(),
  suggestion: z.object({ line: z.string(), why: z.string() }).nullable(),
  error: errorJsonSchema.nullable(),
});
export type FixOutcome = z.infer<typeof fixOutcomeSchema>;

/** In the order of the request's items. */
export const fixesResponseSchema = z.object({ fixes: z.array(fixOutcomeSchema), ...spent });
export type FixesResponse = z.infer<typeof fixesResponseSchema>;
