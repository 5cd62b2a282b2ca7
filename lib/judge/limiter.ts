import PQueue from "p-queue";
import { AppError } from "#lib/core/errors.ts";
import type { JudgePorts } from "./contract.ts";

/** Half a second more than a minute: what leaves here 60.0 s apart may arrive 59.9 s apart. */
const windowMs = 60_500;

/** Bounds how much is asked of the judge at once and per minute, for everything that shares it. */
export interface Limiter {
  /** Runs the task when one of the `concurrency` slots is free, first come first served. */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Waits until one more attempt may start: no pause, and fewer than `rpm` starts in the window. Counts it. */
  admit(signal?: AbortSignal): Promise<void>;
  /** No attempt starts for `ms`: what a server's Retry-After asks of everybody, not only of the call it answered. */
  pause(ms: number): void;
}

/** @param rpm attempts in any 60 seconds (sliding window); undefined: no limit. Throws `usage`. */
export function createLimiter(concurrency: number, rpm: number | undefined, ports: JudgePorts): Limiter {
  checkPositive("concurrency", concurrency);
  if (rpm !== undefined) checkPositive("rpm", rpm);
  const slots = new PQueue({ concurrency });
  const starts: number[] = [];
  let pausedUntil = 0;

  function waitMs(now: number): number {
    while (starts[0] !== undefined && starts[0] <= now - windowMs) starts.shift();
    const oldest = rpm !== undefined && starts.length >= rpm ? starts[starts.length - rpm] : undefined;
    const window = oldest === undefined ? 0 : oldest + windowMs - now;
    return Math.max(window, pausedUntil - now);
  }

  return {
    run: (task) => slots.add(task),
    async admit(signal) {
      for (let wait = waitMs(ports.now()); wait > 0; wait = waitMs(ports.now())) {
        await ports.sleep(wait, signal);
      }
      if (rpm !== undefined) starts.push(ports.now());
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, ports.now() + ms);
    },
  };
}

function checkPositive(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new AppError("usage", `${name} must be a whole number of at least 1, not ${value}`);
}
