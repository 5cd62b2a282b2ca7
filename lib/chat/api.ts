import { z } from "zod";
import { components } from "#lib/engine/contract.ts";
import { vectorNameSchema } from "./steering-choice.ts";

// What the chat page and the monitor ask of the server beside the OpenAI-compatible routes.

const byLayer = z.record(z.string(), z.number());

/** A trait of an experiment, as far as it can steer. */
export const steerableTraitSchema = z.object({
  trait: z.string(),
  /** Each with the layers that it has vectors of, ascending. */
  methods: z.array(z.object({ method: z.string(), layers: z.array(z.number()) })),
  /** mean‖h‖ by layer: what a ratio is a share of. A layer that was not measured is absent. */
  norms: byLayer,
  /** Where steering worked best; null before it was tried. */
  best: z.object({ method: z.string(), layer: z.number(), coef: z.number(), ratio: z.number() }).nullable(),
  /** Smallest and largest ratio at which a sweep's text stayed coherent; null where none was tried. */
  suggested: z.tuple([z.number(), z.number()]).nullable(),
});
export type SteerableTrait = z.infer<typeof steerableTraitSchema>;

/** GET /api/steerables: every experiment that has vectors, and the installed models. */
export const steerablesSchema = z.object({
  models: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      chat: z.boolean(),
      layers: z.number(),
      hidden: z.number(),
    }),
  ),
  experiments: z.array(
    z.object({
      experiment: z.string(),
      model: z.string(),
      component: z.enum(components),
      traits: z.array(steerableTraitSchema),
    }),
  ),
});
export type Steerables = z.infer<typeof steerablesSchema>;

const tokens = z.array(z.number().int().nonnegative());
export const maxTexts = 2_000;

/** POST /api/projections: texts as the unsteered model reads them, token by token. */
export const projectionRequestSchema = z.object({
  model: z.string().min(1),
  vectors: z.array(vectorNameSchema).min(1, "choose a vector").max(8, "at most 8 vectors at once"),
  rows: z
    .array(
      z.union([
        z.object({ text: z.string() }),
        /** An answer with its prompt, by the very tokens. */
        z.object({ prompt_tokens: tokens, response_tokens: tokens }),
      ]),
    )
    .min(1, "write a text")
    .max(maxTexts, `at most ${maxTexts} texts at once`),
});
export type ProjectionRequest = z.infer<typeof projectionRequestSchema>;

export const projectionResponseSchema = z.object({
  rows: z.array(
    z.object({
      /** Each token's own text. */
      tokens: z.array(z.string()),
      /** How many of them are the prompt's. */
      prompt: z.number(),
      /** [vectors][tokens]: h·v̂ */
      projections: z.array(z.array(z.number())),
      /** By vector: the mean over the answer's tokens, over all where there is no prompt; null without a token. */
      means: z.array(z.number().nullable()),
    }),
  ),
});
export type ProjectionResponse = z.infer<typeof projectionResponseSchema>;
export type ProjectedRow = ProjectionResponse["rows"][number];
