import { z } from "zod";
import type { Polarity } from "./names.ts";

/** Scores run 0-100. A positive passes at >= pos, a negative at <= neg; what lies between is ambiguous. */
export const thresholdsSchema = z
  .object({
    pos_threshold: z.number().min(0).max(100).default(60),
    neg_threshold: z.number().min(0).max(100).default(40),
  })
  .refine(({ pos_threshold, neg_threshold }) => neg_threshold <= pos_threshold, {
    message: "neg_threshold must not be above pos_threshold",
  });

export type Thresholds = z.infer<typeof thresholdsSchema>;

export type Verdict = "pass" | "fail" | "ambiguous" | "error";

/** The verdict on one score; a missing score is an error, never a number. */
export function verdictOf(score: number | null, polarity: Polarity, thresholds: Thresholds): Verdict {
  if (score === null) return "error";
  const { pos_threshold, neg_threshold } = thresholds;
  if (polarity === "positive" ? score >= pos_threshold : score <= neg_threshold) return "pass";
  return score > neg_threshold && score < pos_threshold ? "ambiguous" : "fail";
}

/** Quality flags of product.md section 1: a figure below its floor is flagged, with the floor beside it. */
export const qualityFloors = {
  contrast: 40,
  probeAccuracy: 0.9,
  responsePassRate: 0.7,
  passedPerPolarity: 10,
  steeringDelta: 20,
  steeringCoherence: 70,
} as const;
