import { AppError } from "#lib/core/errors.ts";
import { type InstrumentErrorCode, type InstrumentErrorDetails, instrumentErrorCodes } from "./contract.ts";

const hints: Record<InstrumentErrorCode, string> = {
  "no-token-input": "export a decoder whose input is called input_ids or inputs_embeds",
  "no-logits": "export a causal language model (task text-generation), whose output is called logits",
  disconnected: "the logits do not depend on the tokens; export the whole decoder, not a part of it",
  "no-residual": "the graph has no residual additions; use a transformer decoder",
  "no-stream-start":
    "no residual addition carries the embedding; use a decoder with plain residual additions",
  "broken-chain": "export again without graph fusion (optimum), or with the onnxruntime-genai builder",
  "odd-layer": "use a decoder whose blocks are attention, then MLP; export again without graph fusion",
  "layer-count": "check num_hidden_layers in config.json, or export again without graph fusion",
  "if-branches": "export again as a single decoder with past (not the old merged format)",
  "not-onnx": "download the model file again; it must be an ONNX model",
  truncated: "download the model file again; it is incomplete",
  "already-edited": "use the original model file",
};

/** An AppError `instrument`. `node` is where the search stopped; the hint defaults to the code's usual remedy. */
export function instrumentError(
  code: InstrumentErrorCode,
  message: string,
  where: { node?: string | null; hint?: string } = {},
): AppError {
  const details: InstrumentErrorDetails = {
    code,
    node: where.node ?? null,
    hint: where.hint ?? hints[code],
  };
  const at = details.node === null ? "" : ` (at ${details.node})`;
  return new AppError("instrument", `${message}${at}: ${details.hint}`, { details: { ...details } });
}

/** The details of an AppError `instrument`; null for any other error. */
export function instrumentFailure(error: AppError): InstrumentErrorDetails | null {
  if (error.code !== "instrument") return null;
  const { code, node, hint } = error.details ?? {};
  const known = instrumentErrorCodes.find((candidate) => candidate === code);
  if (known === undefined) return null;
  return {
    code: known,
    node: typeof node === "string" ? node : null,
    hint: typeof hint === "string" ? hint : hints[known],
  };
}
