import { availableParallelism } from "node:os";
import path from "node:path";
import { Piscina } from "piscina";
import { AppError } from "#lib/core/errors.ts";
import type { VectorCompute } from "#lib/pipeline/ports.ts";
import { projectRoot } from "../paths.ts";
import { type ComputeJob, type ComputeReply, movable } from "./jobs.ts";

export interface ComputePool extends VectorCompute {
  /** Stops the threads; work under way fails as `aborted`. */
  close(): Promise<void>;
}

const IDLE_MILLISECONDS = 30_000;

/**
 * Threads for the numerics of vectors, so that a big layer never holds up the server's event loop. Threads start with the
 * first job, take one job each, and end after half a minute without work. Rows are copied once and moved to the thread.
 * The thread runs `worker.ts` as Node runs it, by its path in the project: no bundler has to know of it.
 * @param options.threads at most this many at a time; by default one less than there are processors
 */
export function createComputePool({
  threads = Math.max(1, availableParallelism() - 1),
}: {
  threads?: number;
} = {}): ComputePool {
  const pool = new Piscina<ComputeJob, ComputeReply>({
    filename: path.join(projectRoot(), "lib/server/compute/worker.ts"),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MILLISECONDS,
    // Loaders of the process that starts the thread (a test runner's, a bundler's) are none of its business.
    execArgv: [],
  });

  let closing = false;
  const stopped = (cause?: unknown) => new AppError("aborted", "the compute threads were stopped", { cause });

  async function ask(
    job: ComputeJob,
    transferList: ArrayBuffer[],
    signal?: AbortSignal,
  ): Promise<ComputeReply> {
    if (closing) throw stopped();
    try {
      const reply = await pool.run(job, { transferList, signal });
      if (reply.kind === "error") throw AppError.fromJSON(reply.error);
      return reply;
    } catch (error) {
      throw closing ? stopped(error) : AppError.from(error);
    }
  }

  return {
    async extractLayer(job, signal) {
      const train = movable(job.train);
      const request = { kind: "extract" as const, job: { ...job, train: train.activations } };
      const reply = await ask(request, train.buffers, signal);
      if (reply.kind !== "extract") throw unexpected(reply);
      return reply.vectors;
    },
    async evaluateLayer(job, signal) {
      const train = movable(job.train);
      const val = movable(job.val);
      const vectors = Object.fromEntries(
        Object.entries(job.vectors).map(([method, { vector, norm, bias }]) => [
          method,
          // A view of a larger buffer would take the whole buffer with it.
          { vector: vector.slice(), norm, bias },
        ]),
      );
      const request = {
        kind: "evaluate" as const,
        job: { ...job, train: train.activations, val: val.activations, vectors },
      };
      const reply = await ask(request, [...train.buffers, ...val.buffers], signal);
      if (reply.kind !== "evaluate") throw unexpected(reply);
      return reply.evaluations;
    },
    async close() {
      closing = true;
      await pool.destroy();
    },
  };
}

function unexpected(reply: ComputeReply): AppError {
  return new AppError("internal", `a compute thread answered ${reply.kind}`);
}
