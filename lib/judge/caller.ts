import { AppError } from "#lib/core/errors.ts";
import { type Budget, createBudget, type Reservation } from "./budget.ts";
import type {
  Completion,
  CompletionRequest,
  JudgeLimits,
  JudgeMethod,
  JudgePorts,
  JudgeTransport,
} from "./contract.ts";
import { createLimiter, type Limiter } from "./limiter.ts";
import { costBound, costOf } from "./prices.ts";
import { methodOf, probeRequest } from "./probe.ts";
import { type Backoff, defaultMaxAttempts, withRetries } from "./retry.ts";
import type { Tally } from "./tally.ts";

/** This many calls in a row that could not reach the server, all attempts used, end the run. */
const lostCallsToStop = 5;
/** The first contact is given up sooner: somebody is waiting to hear that the address is wrong. */
const probeAttempts = 3;

/** What the calls of one `judge()` batch share. */
export interface Batch {
  tally: Tally;
  signal: AbortSignal | undefined;
  /** True once the batch is lost: no more retries. */
  isLost: () => boolean;
}

/** The calls of a group of requests, paid from one reservation. */
export interface Account {
  ask(request: CompletionRequest): Promise<Completion>;
  /** Gives back what was reserved and not spent. */
  close(): void;
}

/** Reaches the transport within all limits of a judge. */
export interface Caller {
  /** Opens an account for these requests; waits for room under the cap. Throws `spending-cap`. */
  open(requests: readonly CompletionRequest[], batch: Batch): Promise<Account>;
  /** How numbers are asked for: found out once, by the probe, when the first call is due. */
  method(batch: Batch): Promise<JudgeMethod>;
}

/** Limits that several callers keep together: the models of one provider. */
export interface SharedLimits {
  limiter: Limiter;
  budget: Budget;
  backoff?: Backoff;
}

export function limitsOf(limits: JudgeLimits, ports: JudgePorts): SharedLimits {
  return {
    limiter: createLimiter(limits.concurrency, limits.rpm, ports),
    budget: createBudget(limits.maxCostUsd, limits.spentUsd),
  };
}

export function createCaller(
  transport: JudgeTransport,
  limits: JudgeLimits,
  ports: JudgePorts,
  { limiter, budget, backoff }: SharedLimits = limitsOf(limits, ports),
): Caller {
  const maxAttempts = limits.maxAttempts ?? defaultMaxAttempts;
  let lostCalls = 0;
  let method: Promise<JudgeMethod> | undefined;

  const bound = (request: CompletionRequest) => (transport.price ? costBound(request, transport.price) : 0);

  function attempts(request: CompletionRequest, batch: Batch, most: number): Promise<Completion> {
    const { tally, signal, isLost } = batch;
    const once = () => {
      tally.attempt();
      return transport.complete(request, signal);
    };
    return limiter.run(() =>
      withRetries(once, { limiter, backoff, ports, maxAttempts: most, signal, isLost }).then(
        (completion) => {
          lostCalls = 0;
          return completion;
        },
        (error) => {
          throw afterLoss(AppError.from(error));
        },
      ),
    );
  }

  /** A server that answers, even with 5xx, is there: only silence counts towards giving up. */
  function afterLoss(error: AppError): AppError {
    const silent = error.code === "judge-unreachable" && error.details?.status === undefined;
    lostCalls = silent ? lostCalls + 1 : 0;
    if (lostCalls < lostCallsToStop) return error;
    const { code, message, userMessage, retryable, details } = error;
    return new AppError(code, message, { userMessage, retryable, details: { ...details, scope: "run" } });
  }

  function account(reservation: Reservation, batch: Batch, most: number, isProbe: boolean): Account {
    let spent = 0;
    return {
      async ask(request) {
        reservation.cover(bound(request));
        const completion = await attempts(request, batch, most);
        const cost = costOf(completion.usage, transport.price);
        batch.tally.call(cost, isProbe);
        // Where the provider tells no usage, the cap counts the most the call may have cost.
        spent += cost ?? bound(request);
        return completion;
      },
      close: () => reservation.settle(spent),
    };
  }

  async function open(requests: readonly CompletionRequest[], batch: Batch, most: number, isProbe: boolean) {
    const reservation = await budget.reserve(requests.reduce((sum, request) => sum + bound(request), 0));
    return account(reservation, batch, most, isProbe);
  }

  async function probe(batch: Batch): Promise<JudgeMethod> {
    // The abort of the batch that happened to be first must not fail the others that wait for the same probe.
    const shared = { ...batch, signal: undefined };
    const probing = await open([probeRequest], shared, Math.min(maxAttempts, probeAttempts), true);
    try {
      return methodOf(await probing.ask(probeRequest));
    } finally {
      probing.close();
    }
  }

  return {
    open: (requests, batch) => open(requests, batch, maxAttempts, false),
    method(batch) {
      if (transport.promptSet === "builtin-1") return Promise.resolve("logprobs");
      method ??= probe(batch).catch((error: unknown) => {
        method = undefined;
        throw error;
      });
      return untilAborted(method, batch.signal);
    },
  };
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(new AppError("aborted", "the work was stopped"));
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
