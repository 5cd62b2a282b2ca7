import { AppError, throwIfAborted } from "#lib/core/errors.ts";
import { createCaller, limitsOf } from "#lib/judge/caller.ts";
import type {
  Completion,
  CompletionRequest,
  JudgeLimits,
  JudgePorts,
  JudgeTransport,
} from "#lib/judge/contract.ts";
import { mayServeElsewhere, stopsRun } from "#lib/judge/errors.ts";
import { costOf, totalUsage } from "#lib/judge/prices.ts";
import type { Backoff } from "#lib/judge/retry.ts";
import { createTally } from "#lib/judge/tally.ts";
import type { Spent, Teacher, TeacherAnswer } from "./contract.ts";

export interface TeacherOptions {
  provider: string;
  /** One a model, in the order they are asked; the same provider's, so that limits and the cap are common to all. */
  transports: readonly [JudgeTransport, ...JudgeTransport[]];
  limits: JudgeLimits;
  ports: JudgePorts;
  signal?: AbortSignal | undefined;
}

const firstWaitMs = 1_000;
const longestWaitMs = 30_000;

/** Doubles from 1 s to 30 s, a quarter more or less by chance. */
export const teacherBackoff: Backoff = (attempt, random) =>
  Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1)) * (0.75 + 0.5 * random());

/**
 * A model that its provider does not have or does not give without payment is not asked again. After an error that every
 * further call would meet, each call throws it.
 */
export function createTeacher(options: TeacherOptions): Teacher {
  const { provider, transports, limits, ports, signal } = options;
  const shared = { ...limitsOf(limits, ports), backoff: teacherBackoff };
  const writers = transports.map((transport) => ({
    transport,
    caller: createCaller(transport, limits, ports, shared),
  }));
  /** Models that are out, with what they said. */
  const out = new Map<string, AppError>();
  let spent: Spent = { calls: 0, usage: { promptTokens: 0, completionTokens: 0 }, costUsd: 0 };
  let lost: AppError | undefined;
  const batch = { tally: createTally(0), signal, isLost: () => lost !== undefined };

  function pay(completion: Completion, costUsd: number | null): void {
    spent = {
      calls: spent.calls + 1,
      usage: totalUsage([spent, completion]),
      costUsd: spent.costUsd === null || costUsd === null ? null : spent.costUsd + costUsd,
    };
  }

  async function askModel(
    { transport, caller }: (typeof writers)[number],
    request: CompletionRequest,
  ): Promise<Pick<TeacherAnswer, "text" | "usage" | "costUsd" | "requestId">> {
    const account = await caller.open([request], batch);
    try {
      const completion = await account.ask(request);
      const costUsd = costOf(completion.usage, transport.price);
      pay(completion, costUsd);
      const { text, usage, requestId = null } = completion;
      return { text, usage, costUsd, requestId };
    } finally {
      account.close();
    }
  }

  async function askInTurn(request: CompletionRequest, attemptedModels: string[]) {
    for (const writer of writers) {
      const { model } = writer.transport;
      if (out.has(model)) continue;
      attemptedModels.push(model);
      try {
        return { ...(await askModel(writer, request)), model };
      } catch (thrown) {
        const error = AppError.from(thrown);
        if (!mayServeElsewhere(error)) throw error;
        out.set(model, error);
      }
    }
    throw [...out.values()].at(-1) ?? new AppError("internal", "a teacher without models");
  }

  return {
    provider,
    models: transports.map(({ model }) => model),
    async ask(request) {
      throwIfAborted(signal);
      if (lost) throw lost;
      const begun = ports.now();
      const attemptedModels: string[] = [];
      try {
        const answer = await askInTurn(request, attemptedModels);
        return { ...answer, attemptedModels, totalTimeMs: ports.now() - begun };
      } catch (thrown) {
        const error = AppError.from(thrown);
        if (stopsRun(error)) lost ??= error;
        throw withModels(error, attemptedModels);
      }
    },
    spent: () => spent,
  };
}

function withModels(error: AppError, attemptedModels: string[]): AppError {
  const { code, message, userMessage, retryable, details } = error;
  return new AppError(code, message, {
    userMessage,
    retryable,
    details: { ...details, attemptedModels },
    cause: error,
  });
}
