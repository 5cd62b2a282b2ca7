import type { ErrorJson } from "#lib/core/errors.ts";
import type {
  BatchMode,
  BatchPlan,
  CapturedRow,
  CaptureRequest,
  GenerateRow,
  Generation,
  MemoryInUse,
  ModelDescription,
  PromptSource,
  TokenLogprobs,
} from "./contract.ts";

/** Every call that crosses to an engine's worker: kind → what goes in, what comes out. `load` comes first. */
export interface EngineCalls<LoadParams> {
  load: { params: LoadParams; result: ModelDescription };
  encode: { params: PromptSource[]; result: number[][] };
  encodeText: { params: string[]; result: number[][] };
  tokenTexts: { params: number[][]; result: string[][] };
  planBatch: { params: { mode: BatchMode; tokens: number }; result: BatchPlan };
  generate: { params: { rows: GenerateRow[]; stream: boolean }; result: Generation[] };
  capture: { params: CaptureRequest; result: CapturedRow[] };
  memory: { params: null; result: MemoryInUse | null };
}

export type CallKind = keyof EngineCalls<unknown>;

/** To the worker. */
export type ToWorker<LoadParams> =
  | {
      [K in CallKind]: { type: "call"; id: number; kind: K; params: EngineCalls<LoadParams>[K]["params"] };
    }[CallKind]
  | { type: "abort"; id: number }
  /** Stop what runs, free everything and end. */
  | { type: "close" };

/** From the worker: events of a call that runs, then its one result or error. */
export type FromWorker =
  | { type: "token"; id: number; row: number; token: number; text: string; logprobs?: TokenLogprobs }
  | { type: "notice"; id: number; message: string }
  | { type: "progress"; id: number; message: string }
  | { type: "result"; id: number; result: EngineCalls<unknown>[CallKind]["result"] }
  | { type: "error"; id: number; error: ErrorJson };

/** One end of a message channel to or from a worker. */
export interface Channel<Out, In> {
  /** @param transfer buffers that are moved, not copied */
  post(message: Out, transfer?: ArrayBuffer[]): void;
  onMessage(handler: (message: In) => void): void;
}

/** The engine's side of a worker's life. */
export interface WorkerLink<LoadParams> extends Channel<ToWorker<LoadParams>, FromWorker> {
  /** Called once when the worker is gone, for whatever reason. */
  onGone(handler: (reason: string) => void): void;
  /** Whether calls wait for it: a busy worker keeps its process alive. */
  busy(waiting: boolean): void;
  /** Asks the worker to end and resolves when it has. Never by force: a runtime torn off its work takes the process along. */
  close(): Promise<void>;
}
