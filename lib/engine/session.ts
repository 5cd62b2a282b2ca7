import type { BatchMode, MemoryInUse } from "./contract.ts";

/** Element types that cross the session port. float16 travels as its bits in a Uint16Array. */
export type ElementType = "float32" | "float16" | "int64" | "int32" | "bool";

export type TensorData = Float32Array | Uint16Array | BigInt64Array | Int32Array | Uint8Array;

/** A tensor in ordinary memory, row-major. */
export interface HostTensor {
  type: ElementType;
  dims: readonly number[];
  data: TensorData;
}

/** An output left where the session made it (a graphics card's memory, or the runtime's own), to be fed back. */
export interface KeptTensor {
  dims: readonly number[];
  /** Copies it to ordinary memory. */
  read(): Promise<HostTensor>;
  dispose(): void;
}

export type Feed = HostTensor | KeptTensor;

export interface RunOutputs {
  read: Record<string, HostTensor>;
  kept: Record<string, KeptTensor>;
}

/**
 * The runtime as the engine sees it: onnxruntime-node and onnxruntime-web both stand behind it.
 * A run that does not fit in memory throws whatever the runtime throws; `isOutOfMemory` recognises it.
 */
export interface Session {
  /** @param fetch outputs to copy out (`read`) and outputs to leave in place (`keep`); no other output is made available */
  run(feeds: Record<string, Feed>, fetch: { read: string[]; keep?: string[] }): Promise<RunOutputs>;
  dispose(): Promise<void>;
}

/** What a device offers the engine core. */
export interface Platform {
  /**
   * Opens a graph whose weights point into the model's own files, which the platform knows.
   * @param keep outputs that runs will ask to leave in place
   */
  createSession(graph: Uint8Array, keep: readonly string[]): Promise<Session>;
  /** Bytes that a batch may use now. */
  freeMemory(): Promise<number>;
  /** What the runtime holds; left out where nobody asks. */
  memoryInUse?(): MemoryInUse;
  /** No batch is planned larger than this: beyond it the device gains nothing. */
  maxBatch(mode: BatchMode): number;
}

export function isKept(tensor: Feed): tensor is KeptTensor {
  return "read" in tensor;
}
