import { AppError } from "#lib/core/errors.ts";
import type { BatchMode, BatchPlan } from "./contract.ts";
import { isOutOfMemory } from "./out-of-memory.ts";

/** The sizes that decide how much memory a sequence takes. */
export interface ModelShape {
  layers: number;
  hidden: number;
  /** Width of the MLP. */
  intermediate: number;
  vocabulary: number;
  heads: number;
  kvHeads: number;
  headSize: number;
  /** Bytes of one key or value number in the cache. */
  kvBytes: number;
}

const MB = 2 ** 20;
const GB = 2 ** 30;
// Of what is free, the share a batch may plan for: the runtime's arena and the rest of the process need the remainder.
const USABLE = 0.7;

/**
 * Bytes one sequence of `tokens` tokens needs. Generation holds the cache twice (past and present of one step) and
 * gets half again as room to grow; extraction keeps no cache and needs no logits.
 */
export function bytesPerSequence(shape: ModelShape, mode: BatchMode, tokens: number): number {
  const cache = 2 * shape.layers * shape.kvHeads * shape.headSize * shape.kvBytes * tokens;
  // One block at a time: stream, norm, queries, keys, values, branch; gate, up and their product; scores and softmax.
  const block = 4 * tokens * (6 * shape.hidden + 3 * shape.intermediate) + 8 * shape.heads * tokens * tokens;
  const logits = 4 * shape.vocabulary;
  if (mode === "generation") return 1.5 * (2 * cache + block + logits);
  if (mode === "extraction") return block + cache / shape.layers;
  return block + cache + logits;
}

/** The batch that fits `free` bytes, at least 1, at most `maxBatch`. */
export function planBatch(
  shape: ModelShape,
  mode: BatchMode,
  tokens: number,
  free: number,
  maxBatch: number,
): BatchPlan {
  const perSequence = bytesPerSequence(shape, mode, tokens);
  const size = Math.max(1, Math.min(maxBatch, Math.floor((free * USABLE) / perSequence)));
  const diagnostic = `Auto batch size: ${size} (mode=${mode}, free=${(free / GB).toFixed(1)} GB, per_seq=${(perSequence / MB).toFixed(1)} MB)`;
  return { size, diagnostic };
}

/** Rows (by index) that run together. */
export interface BatchRequest {
  /** Tokens of each row: long rows run first, with rows of like length, so that little is padded. */
  lengths: readonly number[];
  /** The batch that fits rows of up to `tokens` tokens. */
  sizeFor(tokens: number): number;
  /** Whether a row may share the batch of a row at least as long; any may when absent. */
  together?(longest: number, row: number): boolean;
  onNotice?(message: string): void;
}

/**
 * Runs `work` over all rows in batches. A batch that runs out of memory is halved and tried again, and later batches
 * are no larger.
 * @throws AppError `out-of-memory` when a single row does not fit
 */
export async function inBatches(
  request: BatchRequest,
  work: (rows: number[]) => Promise<void>,
): Promise<void> {
  let waiting = request.lengths.map((_, row) => row);
  const lengthOf = (row: number) => request.lengths[row] ?? 0;
  waiting.sort((a, b) => lengthOf(b) - lengthOf(a) || a - b);
  let limit = Number.POSITIVE_INFINITY;
  while (waiting.length > 0) {
    const [first = 0, ...others] = waiting;
    const longest = lengthOf(first);
    const partners = others.filter((row) => request.together?.(first, row) ?? true);
    const size = Math.max(1, Math.min(limit, request.sizeFor(longest)));
    const batch = [first, ...partners].slice(0, size);
    try {
      await work(batch);
      const done = new Set(batch);
      waiting = waiting.filter((row) => !done.has(row));
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      if (batch.length === 1) throw tooLong(longest, error);
      limit = Math.floor(batch.length / 2);
      request.onNotice?.(`a batch of ${batch.length} ran out of memory: going on with ${limit}`);
    }
  }
}

function tooLong(tokens: number, cause: unknown): AppError {
  return new AppError(
    "out-of-memory",
    `one sequence of ${tokens} tokens does not fit in memory: free some, use a smaller or more strongly quantised model, or shorten the text`,
    { cause },
  );
}
