import { availableParallelism } from "node:os";
import type { ModelDescription } from "#lib/engine/contract.ts";

// Up to here an operation is too short to be worth sharing among threads, and a copy of the weights costs little.
const SMALL_MODEL_BYTES = 64 * 2 ** 20;
// Each takes some 60 MB beside its weights.
const MOST_WORKERS = 8;

/**
 * How many workers a model's threads are divided among. On the CPU a small model's rows run faster side by side than one
 * after another on shared threads (docs/decisions/011).
 */
export function workersFor(
  { device, files }: Pick<ModelDescription, "device" | "files">,
  threads = availableParallelism(),
): number {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return device === "cpu" && bytes <= SMALL_MODEL_BYTES ? Math.min(threads, MOST_WORKERS) : 1;
}
