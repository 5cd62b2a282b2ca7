import { z } from "zod";
import type { VectorEvaluation } from "#lib/vectors/evaluation.ts";

// The result files that people and pages read (formats.md section 2). Unknown fields are kept.

const interval = z.tuple([z.number(), z.number()]);

/** A vector's figures on held-out rows, as they are computed. */
export const vectorEvaluationSchema = z.object({
  val_accuracy: z.number(),
  val_accuracy_ci: interval,
  val_auroc: z.number(),
  val_auroc_ci: interval,
  val_effect_size: z.number().nullable(),
  val_effect_size_ci: interval.nullable(),
  polarity_correct: z.boolean(),
  threshold: z.number(),
  n_val_pos: z.number(),
  n_val_neg: z.number(),
}) satisfies z.ZodType<VectorEvaluation>;

/** One vector on held-out rows. A figure that cannot be computed (one row a side) is null, never a number. */
export const evaluationRowSchema = z.looseObject({
  trait: z.string(),
  method: z.string(),
  layer: z.number(),
  component: z.string(),
  position: z.string(),
  val_accuracy: z.number().nullable(),
  val_accuracy_ci: interval.nullable(),
  val_auroc: z.number().nullable(),
  val_auroc_ci: interval.nullable(),
  val_effect_size: z.number().nullable(),
  val_effect_size_ci: interval.nullable().optional(),
  polarity_correct: z.boolean(),
  combined_score: z.number().nullable(),
  n_val_pos: z.number(),
  n_val_neg: z.number(),
  /** Raw norm before normalising. */
  norm: z.number().optional(),
  train_acc: z.number().optional(),
  /** Its AUROC interval overlaps that of the random vector at the same layer; null without one. */
  overlaps_random: z.boolean().nullable().optional(),
});
export type EvaluationRow = z.infer<typeof evaluationRowSchema>;

/** extraction_evaluation.json */
export const evaluationFileSchema = z.looseObject({
  model: z.string(),
  component: z.string(),
  position: z.string(),
  activation_norms: z.record(z.string(), z.unknown()),
  all_results: z.array(evaluationRowSchema),
});
export type EvaluationFile = z.infer<typeof evaluationFileSchema>;

export const steeringRunSchema = z.looseObject({
  config: z.looseObject({
    vectors: z.array(
      z.looseObject({
        layer: z.number(),
        component: z.string(),
        position: z.string(),
        method: z.string(),
        weight: z.number(),
        /** Of the vector's numbers, float32; absent in files of an earlier version. */
        sha256: z.string().optional(),
      }),
    ),
  }),
  /** Raw coefficient on the unit vector, and its share of the layer's mean norm. */
  coef: z.number(),
  coef_ratio: z.number(),
  /** Nobody asked for this strength: the adaptive search came to it. */
  found_by_search: z.boolean().optional(),
  result: z.looseObject({
    trait_mean: z.number().nullable(),
    trait_ci: interval.nullable(),
    coherence_mean: z.number().nullable(),
    delta: z.number().nullable(),
    delta_ci: interval.nullable(),
    n: z.number(),
  }),
  /** File of its samples, relative to the steering folder. */
  samples: z.string(),
});
export type SteeringRun = z.infer<typeof steeringRunSchema>;

export const randomBandSchema = z.looseObject({
  layer: z.number(),
  coef_ratio: z.number(),
  coef: z.number(),
  /** Lowest and highest delta of the random vectors. */
  low: z.number(),
  high: z.number(),
  /** How many random vectors. */
  n: z.number(),
});
export type RandomBand = z.infer<typeof randomBandSchema>;

/** What the adaptive search tried with one vector, in its order. */
export const searchedSchema = z.object({
  method: z.string(),
  layer: z.number(),
  ratios: z.array(z.number()),
});
export type Searched = z.infer<typeof searchedSchema>;

/** steering/{category}/{trait}/{position}/results.json */
export const steeringFileSchema = z.looseObject({
  trait: z.string(),
  application_model: z.string(),
  position: z.string(),
  questions: z.array(z.string()),
  /** What the judge was told besides the texts; absent in files of an earlier version. */
  rubric: z.looseObject({ definition: z.string(), eval_prompt: z.string().optional() }).optional(),
  judge: z
    .looseObject({ endpoint: z.string(), model: z.string(), promptVersion: z.string() })
    .optional()
    .catch(undefined),
  /** Mean norm of the unsteered states by layer: what ratios are shares of. */
  base_norms: z.record(z.string(), z.number()).optional(),
  /** Content hashes of all that the settings share: while they stay, further settings are added. */
  inputs: z.record(z.string(), z.string()).optional(),
  searched: z.array(searchedSchema).optional(),
  baseline: z.looseObject({
    trait_mean: z.number().nullable(),
    trait_ci: interval.nullable(),
    coherence_mean: z.number().nullable(),
    n: z.number(),
    samples: z.string().optional(),
  }),
  random_band: z.array(randomBandSchema),
  runs: z.array(steeringRunSchema),
  best: z
    .looseObject({
      layer: z.number(),
      method: z.string(),
      coef: z.number(),
      coef_ratio: z.number(),
      delta: z.number(),
      coherence: z.number(),
      coherent: z.boolean(),
      /** Why this one, in words. */
      reason: z.string().optional(),
    })
    .nullable(),
});
export type SteeringFile = z.infer<typeof steeringFileSchema>;

/** One answer of a steering run, with what the judge said of it. */
export const steeringSampleSchema = z.looseObject({
  question: z.string(),
  answer: z.string(),
  trait_score: z.number().nullable(),
  coherence_score: z.number().nullable(),
});
export const steeringSamplesSchema = z.array(steeringSampleSchema);
export type SteeringSample = z.infer<typeof steeringSampleSchema>;
