import { type Gate, passed } from "./gate.ts";
import { timeSensitive } from "./time-sensitive.ts";

/** A time-sensitive answer says how to check it (at least one step) and what is uncertain. */
export const verificationWhenNeeded: Gate = {
  name: "verification_when_needed",
  gate(input) {
    const { verification_steps, uncertainty_notes } = input.response;
    const details = {
      time_sensitive: timeSensitive(input),
      verification_steps_count: verification_steps.filter((step) => step.trim() !== "").length,
      uncertainty_notes_length: uncertainty_notes.trim().length,
    };
    const said = details.verification_steps_count > 0 && details.uncertainty_notes_length > 0;
    if (said || !details.time_sensitive) return passed(details);
    return { passed: false, reason_code: "missing_verification_requirements", details };
  },
};
