import { AppError } from "#lib/core/errors.ts";
import { createRng } from "#lib/core/rng.ts";
import type { JudgePorts } from "./contract.ts";

/** The real clock, timers that an abort ends at once, and seeded chance for the jitter. */
export function systemPorts(seed = 42): JudgePorts {
  return { now: () => Date.now(), sleep, random: createRng(seed) };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopped = () => new AppError("aborted", "the work was stopped", { cause: signal?.reason });
    if (signal?.aborted) return reject(stopped());
    const onAbort = () => {
      clearTimeout(timer);
      reject(stopped());
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
