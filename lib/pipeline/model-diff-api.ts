import { z } from "zod";
import { errorJsonSchema } from "#lib/core/errors.ts";
import { vectorEvaluationSchema } from "./results.ts";

// The same vector on two models of one width: what its route carries and its file holds.

const interval = z.tuple([z.number(), z.number()]);

/** A model's name as it is installed: `name` or `owner/name`. */
const modelName = z.string().regex(/^\w[\w.-]*(\/\w[\w.-]*)?$/, "write an installed model's id");

/** POST /api/experiments/{exp}/vectors/model-diff */
export const modelDiffRequestSchema = z.object({
  trait: z.string(),
  method: z.string(),
  layer: z.number().int().nonnegative(),
  /** The other model. */
  model: modelName,
  /** coef / mean‖h_layer‖; default: the best setting's, else `defaultDiffRatio`. */
  ratio: z.number().positive().optional(),
  /** Only the first N steering questions; default: as many as the experiment asks. */
  questions: z.number().int().positive().optional(),
});
export type ModelDiffRequest = z.infer<typeof modelDiffRequestSchema>;

export const defaultDiffRatio = 0.7;

const scoresSchema = z.object({
  trait_mean: z.number().nullable(),
  trait_ci: interval.nullable(),
  coherence_mean: z.number().nullable(),
  /** Answers with a trait score. */
  n: z.number(),
  errors: z.number(),
  judged_share: z.number(),
});

const steeredModelSchema = z.object({
  /** Mean norm of the unsteered states at the layer: the coefficient is `ratio` times this. */
  base_norm: z.number(),
  coef: z.number(),
  baseline: scoresSchema,
  steered: scoresSchema,
  /** Paired by question, bootstrap 95 % CI. */
  delta: z.number().nullable(),
  delta_ci: interval.nullable(),
  n_questions: z.number(),
});
export type SteeredModel = z.infer<typeof steeredModelSchema>;

const judgedAnswerSchema = z.object({
  answer: z.string(),
  trait_score: z.number().nullable(),
  coherence_score: z.number().nullable(),
  error: z.string().optional(),
});
export type JudgedAnswer = z.infer<typeof judgedAnswerSchema>;

const answersSchema = z.object({ baseline: judgedAnswerSchema, steered: judgedAnswerSchema });

const sidedSchema = <Schema extends z.ZodType>(of: Schema) => z.object({ a: of, b: of });

const modelSchema = z.object({
  id: z.string(),
  fingerprint: z.string(),
  layers: z.number(),
  chat_template: z.boolean(),
});

/** experiments/{exp}/model_diff/{category}/{trait}/{method}-layer{L}-{model}.json; `a` is the vector's own model. */
export const modelDiffSchema = z.object({
  experiment: z.string(),
  trait: z.string(),
  method: z.string(),
  layer: z.number(),
  position: z.string(),
  component: z.string(),
  hidden: z.number(),
  /** Of the vector's numbers, float32. */
  vector_sha256: z.string(),
  seed: z.number(),
  created_at: z.string(),
  code_version: z.string(),
  models: sidedSchema(modelSchema),
  /** Null where a side has no held-out row; `why_no_separation` says so. */
  separation: sidedSchema(vectorEvaluationSchema)
    .extend({
      /** What `b` read: the tokens that `a` did, or the texts as its own tokenizer cuts them. */
      tokens: z.enum(["as-read", "encoded-anew"]),
      /** Rows of training and validation that `b` could not read; both models' figures are without them. */
      left_out: z.number(),
    })
    .nullable(),
  why_no_separation: z.string().nullable(),
  /** Null where the judge cannot judge; `why_no_steering` says why. */
  steering: sidedSchema(steeredModelSchema)
    .extend({
      ratio: z.number(),
      /** `delta` of b minus that of a, paired by question. */
      difference: z.object({ delta: z.number(), delta_ci: interval, n_questions: z.number() }).nullable(),
      judge: z.looseObject({ endpoint: z.string(), model: z.string(), promptVersion: z.string() }),
      max_new_tokens: z.number(),
      answers: z.array(sidedSchema(answersSchema).extend({ question: z.string() })),
    })
    .nullable(),
  why_no_steering: z.string().nullable(),
});
export type ModelDiff = z.infer<typeof modelDiffSchema>;

/** GET /api/experiments/{exp}/vectors/model-diff?trait=&method=&layer= */
export const modelDiffsSchema = z.object({
  /** The model that the vector is of. */
  model: z.string(),
  /** The other installed models. */
  others: z.array(z.object({ id: z.string(), label: z.string(), why_not: z.string().nullable() })),
  /** What a comparison takes where nothing is asked for. */
  ratio: z.number(),
  /** Of the best setting that steering found; false: nothing was steered yet. */
  ratio_is_best: z.boolean(),
  stored: z.array(modelDiffSchema),
});
export type ModelDiffs = z.infer<typeof modelDiffsSchema>;

/** What the POST streams, one JSON document an event. */
export const modelDiffEventSchema = z.union([
  z.object({
    progress: z.object({ model: z.string(), done: z.number(), total: z.number(), unit: z.string() }),
  }),
  z.object({ notice: z.string() }),
  z.object({ result: modelDiffSchema }),
  z.object({ error: errorJsonSchema }),
]);
export type ModelDiffEvent = z.infer<typeof modelDiffEventSchema>;
