import { z } from "zod";
import { evaluationRowSchema } from "./results.ts";
import { vectorSourceSchema } from "./vector-source.ts";

// What the vectors page asks for beside extraction_evaluation.json; the command line prints the same shapes.

/** GET /api/experiments/{exp}/vectors/detail?trait=&method=&layer=[&position=&component=] */
export const vectorDetailSchema = z.object({
  trait: z.string(),
  method: z.string(),
  layer: z.number(),
  position: z.string(),
  component: z.string(),
  hidden: z.number(),
  /** Null for what a method extracted here. */
  source: vectorSourceSchema.nullable(),
  /** Of the vector before normalising; its own bias, where its method has one. */
  norm: z.number(),
  bias: z.number().nullable(),
  /** Mean score a·v of all training rows. */
  baseline: z.number(),
  /** The decision rule of the evaluation: positive where score > threshold. */
  threshold: z.number(),
  /** The score is (a·v)/‖a‖ instead of a·v. */
  unitRows: z.boolean(),
  rows: z.array(
    z.object({
      split: z.enum(["train", "val"]),
      label: z.union([z.literal(0), z.literal(1)]),
      /** 0-based scenario line. */
      index: z.number(),
      score: z.number(),
      pca: z.tuple([z.number(), z.number()]),
    }),
  ),
  /** Shares of the variance of all rows, 0-1. */
  pcaShares: z.tuple([z.number(), z.number()]),
});
export type VectorDetail = z.infer<typeof vectorDetailSchema>;

/** What the rows and columns of a cosine matrix are; the other two of trait, method and layer are fixed. */
export const cosineAxes = ["methods", "layers", "traits"] as const;
export type CosineAxis = (typeof cosineAxes)[number];

/** GET /api/experiments/{exp}/vectors/cosines?across=&trait=&method=&layer=[&position=&component=] */
export const vectorCosinesSchema = z.object({
  across: z.enum(cosineAxes),
  labels: z.array(z.string()),
  /** [row][column], by `labels`; null where a vector is zero. */
  cosines: z.array(z.array(z.number().nullable())),
  hidden: z.number(),
});
export type VectorCosines = z.infer<typeof vectorCosinesSchema>;

/** GET /api/vectors: one method's vectors of a trait in an experiment. */
export const vectorListingSchema = z.object({
  experiment: z.string(),
  trait: z.string(),
  /** As in the path: `response_all`. */
  position: z.string(),
  component: z.string(),
  method: z.string(),
  layers: z.array(z.number()),
  /** Width of the vectors. */
  hidden: z.number(),
  /** They were not extracted here, but came from a file or were made of others. */
  own: z.boolean(),
});
export type VectorListing = z.infer<typeof vectorListingSchema>;
export const vectorListSchema = z.object({ vectors: z.array(vectorListingSchema) });

const comparedSideSchema = z.object({
  /** `experiment/category/trait/method`, or the file's name. */
  name: z.string(),
  model: z.string().nullable(),
  hidden: z.number(),
});

/** GET /api/experiments/{exp}/vectors/compare?trait=&method=&with=experiment/category/trait/method */
export const vectorComparisonSchema = z.object({
  a: comparedSideSchema,
  b: comparedSideSchema,
  layers: z.array(
    z.object({
      layer: z.number(),
      /** Rows of the experiments' evaluations; null where there is none. */
      a: evaluationRowSchema.nullable(),
      b: evaluationRowSchema.nullable(),
      /** Of the two vectors of this layer; null where one is missing, zero or of another width. */
      cosine: z.number().nullable(),
    }),
  ),
  /** Why there are no cosines; null where there are. */
  why_no_cosines: z.string().nullable(),
});
export type VectorComparison = z.infer<typeof vectorComparisonSchema>;

/** POST /api/experiments/{exp}/vectors/combine: vectors are `method`, `category/trait/method` or a whole reference. */
export const combineRequestSchema = z.object({
  trait: z.string(),
  name: z.string(),
  terms: z.array(z.object({ factor: z.number(), name: z.string() })).min(1),
  orthogonalTo: z.array(z.string()).default([]),
  /** `2-4`, `1,3`, `all`. */
  averageLayers: z.string().nullable().default(null),
});
export type CombineRequest = z.input<typeof combineRequestSchema>;

/** What importing and combining answer. */
export const ownVectorsMadeSchema = z.object({
  experiment: z.string(),
  trait: z.string(),
  method: z.string(),
  layers: z.array(z.number()),
  /** Layers whose vector is zero: steering with it changes nothing. */
  zero: z.array(z.number()),
  /** Its rows of extraction_evaluation.json; none where there is no such file or no held-out row. */
  rows: z.array(evaluationRowSchema),
});
export type OwnVectorsMade = z.infer<typeof ownVectorsMadeSchema>;

/** GET /api/experiments/{exp}/vectors/tokens?trait=&method=&layer=[&from=]: responses of both sides, token by token. */
export const tokenViewSchema = z.object({
  /** Responses there are. */
  totals: z.object({ positive: z.number(), negative: z.number() }),
  rows: z.array(
    z.object({
      side: z.enum(["positive", "negative"]),
      /** 0-based scenario line. */
      index: z.number(),
      question: z.string(),
      /** How many of the tokens are the prompt's. */
      prompt: z.number(),
      tokens: z.array(z.string()),
      /** h·v̂ of every token. */
      projections: z.array(z.number()),
    }),
  ),
});
export type TokenView = z.infer<typeof tokenViewSchema>;
