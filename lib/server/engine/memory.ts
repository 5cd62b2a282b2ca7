import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Device } from "#lib/engine/contract.ts";

/**
 * Bytes that are free for a batch on a device. Main memory counts a container's limit; a CUDA card is asked through
 * nvidia-smi, and where that is not there main memory is taken as the measure.
 */
export async function freeMemory(device: Device): Promise<number> {
  return (device === "cuda" ? await cudaFreeMemory() : null) ?? process.availableMemory();
}

/** Free bytes of the first CUDA card, or null without nvidia-smi. */
export async function cudaFreeMemory(): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)(
      "nvidia-smi",
      ["--query-gpu=memory.free", "--format=csv,noheader,nounits"],
      { timeout: 10_000 },
    );
    const mebibytes = Number.parseInt(stdout, 10);
    return Number.isFinite(mebibytes) ? mebibytes * 2 ** 20 : null;
  } catch {
    return null;
  }
}
