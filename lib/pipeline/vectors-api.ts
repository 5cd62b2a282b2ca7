import { z } from "zod";

// What the vectors page asks for beside extraction_evaluation.json; the command line prints the same shapes.

/** GET /api/experiments/{exp}/vectors/detail?trait=&method=&layer=[&position=&component=] */
export const vectorDetailSchema = z.object({
  trait: z.string(),
  method: z.string(),
  layer: z.number(),
  position: z.string(),
  component: z.string(),
  hidden: z.number(),
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
