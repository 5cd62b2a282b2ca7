import { createRng } from "#lib/core/rng.ts";
import { sleep } from "#lib/core/sleep.ts";
import type { JudgePorts } from "./contract.ts";

/** The real clock, timers that an abort ends at once, and seeded chance for the jitter. */
export function systemPorts(seed = 42): JudgePorts {
  return { now: () => Date.now(), sleep, random: createRng(seed) };
}
