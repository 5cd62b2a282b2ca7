/** Where a state is read: the residual stream after a block, or what attention or the MLP adds to it. */
export type Component = "residual" | "attn" | "mlp";

/**
 * One edit, three graphs over the same weights:
 * full = logits of every token, for checks; capture = states only, no lm_head, no blocks above the highest
 * wanted one; generate = logits of chosen positions only.
 */
export type GraphVariant = "full" | "capture" | "generate";

/** A public input or output. `dims`: a number, a symbol, or null where the file says neither. */
export interface GraphValue {
  name: string;
  /** ONNX element type in numpy's words: float32, float16, bfloat16, int64, … */
  dtype: string;
  dims: (number | string | null)[];
}

/** What a decoder graph offers, found from its structure. */
export interface GraphDescription {
  layers: number;
  hidden: number;
  vocab: number | null;
  streamDtype: "float32" | "float16" | "bfloat16";
  /** fp32, fp16, bf16, q4, q4f16, q8, … */
  weightDtype: string;
  exporter: "genai" | "optimum" | "unknown";
  /** How many taps were found: residual = layers + 1 (index 0 is the embedding). */
  components: { residual: number; attn: number; mlp: number };
  /** True when something (a norm) stands between the last block and the head. */
  finalNorm: boolean;
  attention: "gqa" | "mha" | "plain";
  /** The original gives logits of the last token only; edited graphs give all, or those asked for. */
  lastLogitsOnly: boolean;
  /** Dynamic activation quantisation: the rows of a batch influence each other; measure at batch 1. */
  rowCoupled: boolean;
  /**
   * headSize and heads are 0 where the graph does not say. sliding: the original wants cache buffers of the window's
   * size from the start; the edited graph takes a cache that grows from nothing, as everywhere else.
   */
  kv: { past: string[]; present: string[]; heads: number; headSize: number; sliding: boolean };
  inputs: GraphValue[];
  outputs: GraphValue[];
  /** Sides on which a batch may be padded without changing the states of real tokens. */
  padding: { left: boolean; right: boolean };
  warnings: string[];
}

export interface DescribeOptions {
  /** Number of blocks from config.json; a different count is the error `layer-count`. */
  expectedLayers?: number;
}

export interface InstrumentOptions extends DescribeOptions {
  variant: GraphVariant;
  /** Taps wanted; default: residual for full and capture, none for generate. */
  components?: Component[];
  /** Also read the final norm's output, as `captured.final_norm` [1, batch, P, H]. Default false. */
  finalNorm?: boolean;
  /** capture: 0-based block above which everything is dropped. Residual taps are then highestLayer + 2. */
  highestLayer?: number;
  /** Captures hold every token ([n, batch, T, H]) and there is no `tiller.pool` input. */
  perToken?: boolean;
  /** `add` (default) takes `tiller.steer`; `affine` takes `tiller.directions`, `add` and `mul` instead. Both have a gate. */
  steer?: SteerKind | false;
  /** Name of the original model file (no folder): embedded weights point into it. */
  dataFile: string;
}

/** How states are steered: a vector is added, or the state is edited along K directions. */
export type SteerKind = "add" | "affine";

/** Inputs that edits add, each present only where the graph reads it. */
export type AddedInput = "steer" | "directions" | "add" | "mul" | "gate" | "pool" | "logitsAt";

/**
 * An edited graph. All `tiller.*` inputs present are required at every run:
 * steer float32 [batch or 1, L, H], already multiplied by its coefficient; gate float32 [batch, T, 1];
 * directions float32 [batch or 1, L, K, H], add and mul float32 [batch or 1, L, K]: the state h of a gated token becomes
 * h + (add + mul ∘ (h·Vᵀ))·V;
 * pool float32 [batch, P, T]; logits_at int64 [batch] or [batch, N], positions within this call.
 */
export interface InstrumentedGraph {
  /** A small ONNX model: weights point into the original file(s). */
  bytes: Uint8Array;
  /** Of the original graph. */
  description: GraphDescription;
  inputs: Partial<Record<AddedInput, string>>;
  /** Output names, float32 [n, batch, P, H]: n = layers + 1 for residual (0 = embedding), layers for attn, mlp. */
  captured: Partial<Record<Component | "final_norm", string>>;
  /** Null for capture. layout "all" = [batch, T, vocab]; "at" = [batch, N, vocab], N = positions asked per row. */
  logits: { name: string; dtype: string; layout: "all" | "at" } | null;
  /** The token input: ids int64 [batch, T], or embeddings [batch, T, H]. */
  tokens: { name: string; kind: "ids" | "embeddings"; dtype: string };
  /** Names of original inputs still needed, or null. */
  attentionMask: string | null;
  positionIds: string | null;
  /** Merged decoders: bool [1], false at prefill, true once `past` holds tokens. */
  useCacheBranch: string | null;
  /** A scalar int64 that asks for the last k logits only: feed 0 (all). */
  logitsToKeep: string | null;
  /** Past inputs and the present outputs that become them, in the same order; empty for capture's outputs. */
  past: GraphValue[];
  present: string[];
  /** Every input that must be fed, ours included, in order. */
  requiredInputs: GraphValue[];
}

export const instrumentErrorCodes = [
  "no-token-input",
  "no-logits",
  "disconnected",
  "no-residual",
  "no-stream-start",
  "broken-chain",
  "odd-layer",
  "layer-count",
  "if-branches",
  "not-onnx",
  "truncated",
  "already-edited",
] as const;

export type InstrumentErrorCode = (typeof instrumentErrorCodes)[number];

/** `details` of an AppError `instrument`. */
export interface InstrumentErrorDetails {
  code: InstrumentErrorCode;
  /** The node where the search stopped, as "OpType name", or null. */
  node: string | null;
  /** What to try. */
  hint: string;
}
