import type { CompletionRequest, TokenUsage } from "#lib/judge/contract.ts";

/** An answer with what is recorded of it. */
export interface TeacherAnswer {
  text: string;
  /** The model that answered. */
  model: string;
  /** Every model that was asked, in order; the one that answered is the last. */
  attemptedModels: string[];
  /** The provider's id of the request; null where it tells none. */
  requestId: string | null;
  /** From the first attempt to the answer, waiting for limits and retries included. */
  totalTimeMs: number;
  /** Null where the provider tells none. */
  usage: TokenUsage | null;
  /** US dollars; null where the price or the usage is unknown. */
  costUsd: number | null;
}

/** What all answers so far took; null once one of them is unknown. */
export interface Spent {
  /** Answers that came. */
  calls: number;
  usage: TokenUsage | null;
  costUsd: number | null;
}

/**
 * A language model that writes, behind one provider: retries, limits and the models to fall back to are its own affair.
 */
export interface Teacher {
  /** `builtin`, or the host that is asked. */
  readonly provider: string;
  /** In the order they are asked. */
  readonly models: readonly string[];
  /**
   * Throws AppError. `stopsRun(error)` (lib/judge/errors.ts) tells whether every further call would meet the same; where
   * only this request is at fault, `details.attemptedModels` names the models that were asked.
   */
  ask(request: CompletionRequest): Promise<TeacherAnswer>;
  spent(): Spent;
}
