import type { RejectionReason } from "#lib/refinery/reasons.ts";

/** What a rejection means, for a person. */
export const reasonWords: Record<RejectionReason, string> = {
  parse_failed: "no JSON",
  envelope_invalid: "envelope broken",
  payload_invalid: "payload broken",
  missing_verification_requirements: "no way to verify",
  overconfident_time_sensitive: "overconfident",
  weak_lock_in: "weak lock-in",
  past_decision_point: "past decision point",
  teacher_error: "teacher failed",
};

/** Steps of the funnel and gates, by their names in files. */
export const stepWords: Record<string, string> = {
  contract_ok: "contract kept",
  verification_when_needed: "verifiable when needed",
  overconfidence_guard: "not overconfident",
  contrast_pairs: "contrast pairs sound",
};

export const inputWords = { plan: "Plan", drafts: "Drafts", critiques: "Critiques" } as const;
