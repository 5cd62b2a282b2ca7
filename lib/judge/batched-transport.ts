import { AppError } from "#lib/core/errors.ts";
import type { Completion, CompletionRequest, JudgeTransport } from "./contract.ts";

export interface BatchedTransportOptions
  extends Pick<JudgeTransport, "id" | "model" | "promptSet" | "traits" | "agreement"> {
  maxBatch: number;
  /** One forward pass for all requests; answers in order. */
  complete(requests: CompletionRequest[]): Promise<Completion[]>;
}

interface Waiting {
  request: CompletionRequest;
  resolve(completion: Completion): void;
  reject(error: unknown): void;
}

/**
 * The built-in judge: a model that Tiller runs, asked through the same judge code as any endpoint. Calls that arrive
 * while a batch is under way wait and go together in the next one.
 */
export function createBatchedTransport(options: BatchedTransportOptions): JudgeTransport {
  const { maxBatch, complete, ...judge } = options;
  let waiting: Waiting[] = [];
  let busy = false;

  async function work(): Promise<void> {
    if (busy) return;
    busy = true;
    // One turn of the event loop lets calls that start together arrive together.
    await new Promise((resolve) => setTimeout(resolve, 0));
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      await answer(batch);
    }
    busy = false;
  }

  async function answer(batch: readonly Waiting[]): Promise<void> {
    try {
      const completions = await complete(batch.map(({ request }) => request));
      for (const [at, { resolve, reject }] of batch.entries()) {
        const completion = completions[at];
        if (completion) resolve(completion);
        else reject(new AppError("internal", "the built-in judge left a request unanswered"));
      }
    } catch (error) {
      // One text that the model cannot take (too long for its context) must not fail the others.
      if (batch.length > 1 && AppError.from(error).code === "invalid-input") {
        for (const waits of batch) await answer([waits]);
      } else for (const { reject } of batch) reject(error);
    }
  }

  return {
    ...judge,
    price: { prompt: 0, completion: 0 },
    complete(request, signal) {
      if (signal?.aborted) return Promise.reject(new AppError("aborted", "the work was stopped"));
      return new Promise((resolve, reject) => {
        waiting.push({ request, resolve, reject });
        void work();
      });
    },
  };
}
