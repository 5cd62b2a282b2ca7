import { z } from "zod";
import { buildNameSchema } from "#lib/builds/api.ts";
import { useForExtractionSchema } from "./extraction.ts";
import { caaLayouts } from "./layouts/names.ts";
import { datasetSummarySchema, outcomeSchema, personaSchema } from "./records.ts";
import { caaRequestSchema, scenarioSourceSchema } from "./request.ts";

// What the page about CAA datasets sends and gets; a build itself is a build like any other (lib/builds/api.ts).

/** The name that an uploaded dataset has in its build's folder. */
export const uploadNames = ["scenarios.jsonl", "scenarios.csv", "scenarios.parquet"] as const;

/** POST /api/caa/preview: the first rows of a dataset. */
export const previewRequestSchema = scenarioSourceSchema.extend({
  /** The build whose folder an uploaded dataset lies in; null for any other. */
  build: buildNameSchema.nullable().default(null),
});

/** POST /api/caa/plan: what a build would take. */
export const planRequestSchema = z.object({
  build: buildNameSchema.nullable().default(null),
  request: caaRequestSchema,
});

/** GET /api/caa/datasets/{build} */
export const datasetsSchema = z.object({ datasets: z.array(datasetSummarySchema) });

/** GET /api/caa/datasets/{build}/outcomes */
export const outcomesQuerySchema = z.object({
  /** `DatasetSummary.work` */
  work: z.string().min(1).max(300),
  kind: z.enum(["sample", "rejected", "failed"]).default("sample"),
  /** Only with this in a text, whatever its case. */
  search: z.string().max(200).default(""),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export type OutcomesQuery = z.output<typeof outcomesQuerySchema>;

export const outcomesPageSchema = z.object({
  /** Of all that fit the query. */
  total: z.number().int(),
  outcomes: z.array(outcomeSchema),
  /** What the characters of these outcomes are told they are, and the personality's words. */
  personas: z.array(personaSchema),
});
export type OutcomesPage = z.infer<typeof outcomesPageSchema>;

/** What was made for the pipeline. */
export const extractionMadeSchema = z.object({
  trait: z.string(),
  experiment: z.string(),
  pairs: z.number().int(),
  questions: z.number().int(),
  position: z.string(),
});
export type ExtractionMade = z.infer<typeof extractionMadeSchema>;

/** POST /api/caa/import: the file's text itself comes along. */
export const importForExtractionSchema = useForExtractionSchema.extend({
  text: z.string().max(64 * 2 ** 20),
  /** What the dataset is a contrast of. */
  personality: z.string().trim().min(1).max(80),
});

/** GET /api/caa/datasets/{build}/converted */
export const convertedQuerySchema = z.object({ file: z.string().min(1), to: z.enum(caaLayouts) });
