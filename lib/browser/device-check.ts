import { AppError } from "#lib/core/errors.ts";
import { CHECK_MODEL, type CheckRun, type CheckVerdict, judgeCheck, runCheckCases } from "./check-cases.ts";
import { createWebEngines } from "./engines.ts";
import type { WebDevice } from "./runtime.ts";

export interface DeviceCheck extends CheckVerdict, Pick<CheckRun, "tokensPerSecond" | "rowsPerSecond"> {
  device: WebDevice;
  /** Seconds until the model could be asked, its download included. */
  loadSeconds: number;
  /** Bytes of memory that the page and its workers hold with the model loaded; null where the browser does not say. */
  memory: number | null;
}

/**
 * Loads the demo model on a device, asks it the fixed questions and compares its answers with the recorded ones.
 * @throws AppError what loading throws; `conflict` when the demo model is not the one that was recorded
 */
export async function checkDevice(
  device: WebDevice,
  onProgress: (message: string) => void,
): Promise<DeviceCheck> {
  const { default: recorded } = await import("./fixtures/check-figures.json");
  const engines = createWebEngines();
  const now = () => performance.now();
  try {
    const begun = now();
    const engine = await engines.load(CHECK_MODEL, { device, onProgress });
    const loadSeconds = (now() - begun) / 1000;
    if (engine.describe().fingerprint !== recorded.fingerprint) {
      throw new AppError("conflict", "the demo model is not the one whose answers were recorded");
    }
    const run = await runCheckCases(engine, now, onProgress);
    onProgress("measuring memory");
    return {
      device,
      loadSeconds,
      tokensPerSecond: run.tokensPerSecond,
      rowsPerSecond: run.rowsPerSecond,
      memory: await memoryInUse(),
      ...judgeCheck(run, recorded),
    };
  } finally {
    await engines.dispose();
  }
}

/** Chromium only, and only where the page is isolated; the answer waits for a garbage collection. */
async function memoryInUse(): Promise<number | null> {
  const measure = (
    performance as Performance & { measureUserAgentSpecificMemory?(): Promise<{ bytes: number }> }
  ).measureUserAgentSpecificMemory;
  if (measure === undefined || !self.crossOriginIsolated) return null;
  return (await measure.call(performance)).bytes;
}
