import type { RejectionReason } from "../reasons.ts";
import { type ContractCheck, checkContract, contractResult } from "./contract.ts";
import { contrastPairs } from "./contrast-pairs.ts";
import type { Gate, GateInput, GateResult, ReasonCode } from "./gate.ts";
import { overconfidenceGuard } from "./overconfidence.ts";
import { verificationWhenNeeded } from "./verification.ts";

/** The gates after the contract, in order; a new one is a file here and an entry in this list. */
export const gates: readonly Gate[] = [verificationWhenNeeded, overconfidenceGuard, contrastPairs];

export const contractGate = "contract_ok";
/** Every gate's key, in order. */
export const gateNames: readonly string[] = [contractGate, ...gates.map(({ name }) => name)];

export interface GateReport {
  contract: ContractCheck;
  gates: Record<string, GateResult>;
  /** Empty where everything passed. */
  reasons: RejectionReason[];
}

/** The contract first; what breaks it is looked at no further. */
export function runGates(input: GateInput): GateReport {
  const contract = checkContract(input.answer, input.payloadType);
  const { response } = contract;
  const results: Record<string, GateResult> = { [contractGate]: contractResult(contract) };
  for (const { name, gate, only } of gates) {
    if (only !== undefined && only !== input.payloadType) continue;
    results[name] = response === null ? skipped() : gate({ ...input, response });
  }
  const later = Object.values(results).flatMap((result) => (result.passed ? [] : reasonsOf(result)));
  return { contract, gates: results, reasons: [...new Set([...contract.reasons, ...later])] };
}

/** The gates of a sample that nobody answered. */
export function unansweredGates(input: Pick<GateInput, "payloadType">, message: string): GateReport["gates"] {
  const names = gates.filter(({ only }) => only === undefined || only === input.payloadType);
  return {
    [contractGate]: { passed: false, reason_code: "teacher_error", details: { message } },
    ...Object.fromEntries(names.map(({ name }) => [name, skipped()])),
  };
}

function skipped(): GateResult {
  return { passed: false, reason_code: "skipped_contract_failed", details: {} };
}

function reasonsOf({ reason_code, details }: GateResult): RejectionReason[] {
  const several = details.reason_codes;
  const codes = Array.isArray(several) ? (several as RejectionReason[]) : [reason_code];
  return codes.filter(isReason);
}

function isReason(code: ReasonCode): code is RejectionReason {
  return code !== "ok" && code !== "skipped_contract_failed";
}
