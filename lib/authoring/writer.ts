import { AppError, throwIfAborted } from "#lib/core/errors.ts";
import { createCaller } from "#lib/judge/caller.ts";
import type {
  Completion,
  CompletionRequest,
  JudgePorts,
  JudgeTransport,
  TokenUsage,
} from "#lib/judge/contract.ts";
import { stopsRun } from "#lib/judge/errors.ts";
import { totalCost, totalUsage } from "#lib/judge/prices.ts";
import { createTally } from "#lib/judge/tally.ts";

/** Somebody waits: a server that stays silent is given up sooner than in a run. */
const limits = { concurrency: 4, maxAttempts: 3 };

/** A model asked to write, within the same limits and retries as a judge. */
export interface Writer {
  readonly model: string;
  /** @returns the reply as it came. Throws AppError; after one that every further call would meet, each call throws it. */
  write(request: CompletionRequest): Promise<string>;
  /** What all calls took so far; null where that is not known. */
  spent(): { usage: TokenUsage | null; costUsd: number | null };
}

export function createWriter(transport: JudgeTransport, ports: JudgePorts, signal?: AbortSignal): Writer {
  const caller = createCaller(transport, limits, ports);
  const paid: Completion[] = [];
  let lost: AppError | undefined;
  const batch = { tally: createTally(0), signal, isLost: () => lost !== undefined };

  async function ask(request: CompletionRequest): Promise<Completion> {
    const account = await caller.open([request], batch);
    try {
      return await account.ask(request);
    } finally {
      account.close();
    }
  }

  return {
    model: transport.model,
    async write(request) {
      throwIfAborted(signal);
      if (lost) throw lost;
      try {
        const completion = await ask(request);
        paid.push(completion);
        return completion.text;
      } catch (thrown) {
        const error = AppError.from(thrown);
        if (stopsRun(error)) lost ??= error;
        throw error;
      }
    },
    spent: () => ({ usage: totalUsage(paid), costUsd: totalCost(paid, transport.price) }),
  };
}
