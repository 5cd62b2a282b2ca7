import type { AppError } from "#lib/core/errors.ts";
import type { Position } from "#lib/core/position.ts";

/** Where a model runs: the first three in Node, `webgpu` and `wasm` in a browser. */
export type Device = "cpu" | "cuda" | "webgpu" | "wasm";

export type Component = "residual" | "attn_out" | "mlp_out";
export const components: readonly Component[] = ["residual", "attn_out", "mlp_out"];

/** What a loaded model is. `fingerprint` identifies its weights, tokenizer and config: part of every item's key. */
export interface ModelDescription {
  id: string;
  label: string;
  layers: number;
  hidden: number;
  vocabulary: number;
  dtype: string;
  exporter: string;
  device: Device;
  contextLength: number;
  hasChatTemplate: boolean;
  /** q8 dynamic quantisation lets the rows of a batch influence each other: such a model runs at batch size 1. */
  rowCoupled: boolean;
  /** SHA-256 over the hashes of `files`. */
  fingerprint: string;
  files: { name: string; bytes: number; sha256: string }[];
  /** Set for a model that can be the built-in judge (`tiller.json` beside its config). */
  judge: { traits: string[]; prompts: string } | null;
  warnings: string[];
}

export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

/**
 * Plain text (base mode), messages that the model's chat template turns into a prompt with a generation cue, or the
 * very tokens the model shall see.
 */
export type PromptSource = { text: string } | { messages: ChatMessage[] } | { tokens: number[] };

/** Which tokens are steered; `default` is the last prompt token and every generated token. */
export type SteeredTokens = "default" | "all" | "prompt" | "generated";

/**
 * What is done with a vector v (unit v̂) to the state h after a block. `add`: h + coef·v. `ablate`: the part of h along
 * v̂ is taken out. `clamp`: the projection h·v̂ becomes coef.
 */
export const steerOperators = ["add", "ablate", "clamp"] as const;
export type SteerOperator = (typeof steerOperators)[number];

/**
 * Steers at the output of each listed layer's block: first all additions, then the projections of ablated and clamped
 * vectors, at once. Vectors are [hidden], usually unit norm.
 */
export interface Steering {
  vectors: { layer: number; vector: Float32Array; coef: number; operator?: SteerOperator }[];
  tokens: SteeredTokens;
}

export interface GenerateRow {
  prompt: PromptSource;
  maxNewTokens: number;
  /** Greedy when absent. */
  sampling?: { temperature: number; topP: number };
  /** Belongs to the row's content, never to its place in a batch. */
  seed?: number;
  steering?: Steering;
  /** How many alternatives of the first generated token to report (a judge reads them); 0 when absent. */
  topLogprobs?: number;
  /** Report every generated token's probability, with this many alternatives beside it (0: its own alone). */
  logprobs?: number;
  /** The answer ends before the first of these that it would hold. */
  stop?: string[];
}

export interface TokenAlternative {
  token: string;
  /** Natural logarithm of the probability. */
  logprob: number;
}

/** A generated token with its probability and the most likely alternatives at its place, most likely first. */
export interface TokenLogprobs extends TokenAlternative {
  alternatives: TokenAlternative[];
}

export interface Generation {
  promptTokens: number[];
  /** Without the end-of-sequence token. */
  responseTokens: number[];
  /** The prompt as the model saw it, decoded. */
  promptText: string;
  answer: string;
  /**
   * `stop`: one of the row's stop texts came. `not-finite`: the logits were no numbers (steering far too strong); the
   * answer ends before them.
   */
  finish: FinishReason;
  /** Most likely first; empty unless `topLogprobs` asked for them. */
  alternatives: TokenAlternative[];
  /** One a response token, where they were asked for. */
  logprobs?: TokenLogprobs[];
}

export const finishReasons = ["eos", "length", "stop", "not-finite"] as const;
export type FinishReason = (typeof finishReasons)[number];

/** One item whose hidden states are read: its tokens exactly as they were generated. */
export interface CaptureRow {
  promptTokens: number[];
  responseTokens: number[];
}

export interface CaptureRequest {
  rows: CaptureRow[];
  positions: Position[];
  component: Component;
  /** Ascending; layer N is the state after block N, before any final norm (for attn_out, mlp_out: that block's branch). */
  layers: number[];
}

/** Pooled hidden states, one entry a row. */
export interface CapturedRow {
  /** [positions, layers, hidden]; the values of an empty position are NaN and must not be used. */
  values: Float32Array;
  /** One flag a position: the slice held no token of this row. */
  empty: boolean[];
}

export type BatchMode = "generation" | "extraction" | "inference";

export interface BatchPlan {
  size: number;
  /** `Auto batch size: X (mode=Y, free=Z GB, per_seq=W MB)` */
  diagnostic: string;
}

export interface EngineCallOptions {
  signal?: AbortSignal;
  /**
   * Called as tokens arrive; `text` is what the new token adds to the row's answer (held back while it may begin a stop
   * text).
   */
  onToken?(row: number, token: number, text: string, logprobs?: TokenLogprobs): void;
  /** A batch ran out of memory and was halved, or another thing worth telling. */
  onNotice?(message: string): void;
  /**
   * A row that cannot be computed while others may be: what the call gives in its place says nothing. Who does not
   * listen gets the error of the whole call, as with engines that know no single row.
   */
  onRowFailed?(row: number, error: AppError): void;
}

/** Bytes that an engine's runtime holds in a browser: weights, caches and what it keeps to use again. */
export interface MemoryInUse {
  /** The WebAssembly heap, which never shrinks. */
  heap: number;
  /** Buffers on the graphics card. */
  graphics: number;
}

/**
 * A loaded language model. One interface in process, in a worker thread and in a browser's worker.
 * Every method throws AppError; `out-of-memory` only when a single row does not fit.
 */
export interface Engine {
  describe(): ModelDescription;
  /** Token ids of each prompt, special tokens and chat template applied as `generate` would. */
  encode(prompts: PromptSource[]): Promise<number[][]>;
  /** Token ids of bare text without special tokens (a response given as text). */
  encodeText(texts: string[]): Promise<number[][]>;
  /** What each token adds to its row's text; a character of several tokens comes with the last. Special tokens show. */
  tokenTexts(rows: number[][]): Promise<string[][]>;
  /** The batch size that fits `tokens` tokens a row in the device's free memory. */
  planBatch(mode: BatchMode, tokens: number): Promise<BatchPlan>;
  /** Any number of rows; split into batches that fit, halved and retried on out-of-memory. Answers in row order. */
  generate(rows: GenerateRow[], options?: EngineCallOptions): Promise<Generation[]>;
  capture(request: CaptureRequest, options?: EngineCallOptions): Promise<CapturedRow[]>;
  /** Null or no such method where the platform does not tell. */
  memory?(): Promise<MemoryInUse | null>;
  dispose(): Promise<void>;
}

export interface LoadOptions {
  device: Device;
  /** A fixed batch size instead of the planned one. */
  batchSize?: number;
  onProgress?(message: string): void;
}

/** Gives out loaded engines by model id; the same model on the same device is loaded once. */
export interface EngineProvider {
  load(modelId: string, options: LoadOptions): Promise<Engine>;
}
