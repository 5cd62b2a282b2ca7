import { z } from "zod";
import { parseJsonl } from "#lib/formats/jsonl.ts";
import { vettingKinds } from "./human-labels.ts";

export const roundSchema = z.object({
  at: z.string(),
  run_id: z.string(),
  kind: z.enum(vettingKinds),
  /** Texts that there were, and those that the judge was asked about: the others it had judged before. */
  texts: z.number(),
  judged: z.number(),
  passed: z.number(),
  failed: z.number(),
  errors: z.number(),
  /** Of all with a verdict, 0-1; null where none has one. */
  pass_rate: z.number().nullable(),
});
/** A line of `vetting/rounds.jsonl`: one time of vetting that judged something or came to another result. */
export type VettingRound = z.infer<typeof roundSchema>;

/** Reads `rounds.jsonl`, oldest first; none where there is no file. Throws `invalid-file` with the line. */
export function parseRounds(text: string | null, path: string): VettingRound[] {
  return text === null ? [] : parseJsonl(text, path, roundSchema, { allowHalfLastLine: true });
}
