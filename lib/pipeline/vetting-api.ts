import { z } from "zod";
import { humanVerdictSchema, labelSchema, vettingKinds } from "./human-labels.ts";
import { roundSchema } from "./rounds.ts";
import { vettingFileSchema } from "./vetting.ts";

// What the vetting routes take and give: GET and POST /api/experiments/{exp}/traits/{category}/{trait}/vetting.

const polarity = z.enum(["positive", "negative"]);

/** A trait's vetting in one experiment, as its files have it. */
export const traitVettingSchema = z.object({
  experiment: z.string(),
  trait: z.string(),
  /** The experiment's own, now; a file's may be older. */
  thresholds: z.object({ pos_threshold: z.number(), neg_threshold: z.number() }),
  judge: z.object({ judge: z.string(), model: z.string() }),
  /** Null where that was not vetted. */
  scenarios: vettingFileSchema.nullable(),
  /** Each result has, as `scenario`, what it completes. */
  responses: vettingFileSchema.nullable(),
  /** Oldest first. */
  rounds: z.array(roundSchema),
  labels: z.array(labelSchema),
});
export type TraitVetting = z.infer<typeof traitVettingSchema>;

/** A person's verdicts on texts that were vetted. Answered with the trait's vetting as it is then. */
export const labelRequestSchema = z.object({
  kind: z.enum(vettingKinds),
  labels: z
    .array(humanVerdictSchema.extend({ polarity, text: z.string() }))
    .min(1)
    .max(20_000),
});
export type LabelRequest = z.infer<typeof labelRequestSchema>;
