import { z } from "zod";
import { lintTrait } from "#lib/traits/lint/lint.ts";
import type { RejectionReason } from "../reasons.ts";
import { type Gate, passed } from "./gate.ts";

/** Which lints of the editor decide here, and what a record is rejected for. */
const reasonOf: Readonly<Record<string, RejectionReason>> = {
  "weak-lock-in": "weak_lock_in",
  "mid-behaviour": "past_decision_point",
};

/** At most this many findings are told. */
const toldFindings = 20;

export const contrastPairsSchema = z.object({
  trait: z.string(),
  definition: z.string(),
  pairs: z.array(z.object({ positive: z.string(), negative: z.string() })),
});

/** Every line of the pairs leaves one way on, and stops before the behaviour: no warning of the editor's lints. */
export const contrastPairs: Gate = {
  name: "contrast_pairs",
  only: "contrast_pairs",
  gate({ response }) {
    const { trait, definition, pairs } = contrastPairsSchema.parse(response.payload);
    const side = (polarity: "positive" | "negative") =>
      pairs.map((pair, at) => ({ line: at + 1, prompt: pair[polarity] }));
    const found = lintTrait({
      name: trait,
      definition,
      positive: side("positive"),
      negative: side("negative"),
    }).flatMap(({ lint, severity, polarity, index, message }) => {
      const reason = reasonOf[lint];
      return reason && severity === "warning" ? [{ reason, pair: index, side: polarity, message }] : [];
    });
    const reasons = [...new Set(found.map(({ reason }) => reason))];
    const [first] = reasons;
    if (!first) return passed({ pairs: pairs.length });
    return {
      passed: false,
      reason_code: first,
      details: { pairs: pairs.length, reason_codes: reasons, findings: found.slice(0, toldFindings) },
    };
  },
};
