import { AppError } from "#lib/core/errors.ts";
import type { JudgePorts } from "./contract.ts";
import { retryAfterOf } from "./errors.ts";
import type { Limiter } from "./limiter.ts";

export const defaultMaxAttempts = 6;

const firstBackoffMs = 500;
const longestBackoffMs = 30_000;
/** A server that asks for more than this is not waited for (a daily quota, mostly). */
const longestRetryAfterMs = 120_000;
/** Spreads the calls that one Retry-After held back. */
const spreadMs = 500;

/** Exponential backoff with full jitter, in milliseconds. @param attempt 1 after the first failure */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(longestBackoffMs, firstBackoffMs * 2 ** (attempt - 1));
}

/** Milliseconds before the next attempt. @param attempt 1 after the first failure */
export type Backoff = (attempt: number, random: () => number) => number;

export interface RetryOptions {
  limiter: Limiter;
  /** Default: `backoffMs`. */
  backoff?: Backoff | undefined;
  ports: JudgePorts;
  maxAttempts: number;
  signal?: AbortSignal | undefined;
  /** Checked before every further attempt: true once the run is lost anyway. */
  isLost?: () => boolean;
}

/**
 * Runs `attempt` until it succeeds, fails for good (`retryable` is false) or has been tried `maxAttempts` times.
 * Every attempt passes the limiter. Rejects with the last AppError.
 */
export async function withRetries<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { limiter, ports, maxAttempts, signal, isLost, backoff = backoffMs } = options;
  for (let count = 1; ; count++) {
    await limiter.admit(signal);
    try {
      return await attempt();
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (!error.retryable || count >= maxAttempts || isLost?.()) throw error;
      const asked = retryAfterOf(error);
      if (asked !== undefined && asked > longestRetryAfterMs) throw error;
      if (asked !== undefined) limiter.pause(asked);
      // After a Retry-After the pause does the waiting.
      const wait = asked === undefined ? backoff(count, ports.random) : asked + ports.random() * spreadMs;
      await ports.sleep(wait, signal);
    }
  }
}
