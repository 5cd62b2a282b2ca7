import type { ParsedText } from "../parse.ts";
import type { PayloadType } from "../payload-types.ts";
import type { RejectionReason } from "../reasons.ts";
import type { Envelope } from "../records.ts";

export type ReasonCode = "ok" | "skipped_contract_failed" | RejectionReason;

/** What the gates look at. */
export interface GateInput {
  category: string;
  prompt: string;
  /** What was planned. */
  payloadType: PayloadType;
  answer: ParsedText;
}

/** An answer in the contract's shapes, with what was asked. */
export interface SoundInput extends GateInput {
  response: Envelope;
}

export interface GateResult {
  passed: boolean;
  reason_code: ReasonCode;
  details: Record<string, unknown>;
}

/** A check of an answer that has passed the contract: a pure function. */
export interface Gate {
  /** Its key in `quality.gates`. */
  readonly name: string;
  /** Left out: of every answer. */
  readonly only?: PayloadType;
  gate(input: SoundInput): GateResult;
}

export function passed(details: Record<string, unknown>): GateResult {
  return { passed: true, reason_code: "ok", details };
}
