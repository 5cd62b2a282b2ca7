import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import type { ParseMode } from "../modes.ts";
import type { ParsedText } from "../parse.ts";
import type { PayloadType } from "../payload-types.ts";
import type { RejectionReason } from "../reasons.ts";
import type { Envelope } from "../records.ts";
import { envelopeSchema, payloadSchemas } from "../schemas/schemas.ts";
import type { GateResult } from "./gate.ts";

/** At most this many errors of one answer are told. */
const toldErrors = 20;

const ajv = new Ajv2020({ allErrors: true });
const validateEnvelope = ajv.compile(envelopeSchema);
const validatePayload = Object.fromEntries(
  Object.entries(payloadSchemas).map(([type, schema]) => [type, ajv.compile(schema)]),
) as Record<PayloadType, ValidateFunction>;

export interface ContractCheck {
  envelopeOk: boolean;
  payloadOk: boolean;
  parseMode: ParseMode;
  /** `path: message`. */
  errors: string[];
  reasons: RejectionReason[];
  /** Null where the contract is broken. */
  response: Envelope | null;
}

/** Holds an answer against envelope v0 and the payload schema v1 of the type that was planned. */
export function checkContract(answer: ParsedText, planned: PayloadType): ContractCheck {
  if (answer.mode === "failed") {
    return {
      envelopeOk: false,
      payloadOk: false,
      parseMode: "failed",
      errors: [answer.error],
      reasons: ["parse_failed"],
      response: null,
    };
  }
  const envelope = errorsOf(validateEnvelope, answer.value, "");
  const payload = payloadErrors(answer.value, planned);
  const reasons: RejectionReason[] = [];
  if (envelope.length > 0) reasons.push("envelope_invalid");
  if (payload.length > 0) reasons.push("payload_invalid");
  return {
    envelopeOk: envelope.length === 0,
    payloadOk: payload.length === 0,
    parseMode: answer.mode,
    errors: [...envelope, ...payload].slice(0, toldErrors),
    reasons,
    response: reasons.length === 0 ? (answer.value as unknown as Envelope) : null,
  };
}

export function contractResult({ parseMode, errors, reasons }: ContractCheck): GateResult {
  return {
    passed: reasons.length === 0,
    reason_code: reasons[0] ?? "ok",
    details: { parse_mode: parseMode, ...(errors.length > 0 && { errors }) },
  };
}

function payloadErrors({ payload, payload_type }: Record<string, unknown>, planned: PayloadType): string[] {
  if (typeof payload !== "object" || payload === null) return ["payload: must be object"];
  const errors = errorsOf(validatePayload[planned], payload, "payload");
  if (payload_type === planned) return errors;
  return [
    `payload_type: must be ${planned}, as planned, not ${JSON.stringify(payload_type) ?? "absent"}`,
    ...errors,
  ];
}

function errorsOf(validate: ValidateFunction, value: unknown, under: string): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => {
    const path = [under, ...error.instancePath.split("/").slice(1).map(unescapePointer)]
      .filter((part) => part !== "")
      .join(".");
    return `${path || "answer"}: ${messageOf(error)}`;
  });
}

function messageOf({ message = "is not allowed", keyword, params }: ErrorObject): string {
  return keyword === "enum" ? `${message}: ${params.allowedValues.join(", ")}` : message;
}

function unescapePointer(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
