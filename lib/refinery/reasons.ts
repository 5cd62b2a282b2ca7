/** Why a record is rejected. */
export const rejectionReasons = [
  "parse_failed",
  "envelope_invalid",
  "payload_invalid",
  "missing_verification_requirements",
  "overconfident_time_sensitive",
  "weak_lock_in",
  "past_decision_point",
  "teacher_error",
] as const;
export type RejectionReason = (typeof rejectionReasons)[number];
