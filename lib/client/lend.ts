import { AppError } from "#lib/core/errors.ts";
import { sleep } from "#lib/core/sleep.ts";
import type { Engine, EngineProvider, MemoryInUse } from "#lib/engine/contract.ts";
import type { Lender } from "#lib/engine/lending/messages.ts";
import { packResult, type WorkResult } from "#lib/engine/lending/result.ts";
import type { Work } from "#lib/engine/lending/work.ts";
import { type LeasedBatch, LendingApi } from "./lending-api.ts";
import { loadBeside, memoryOf } from "./loaded-models.ts";

export type LendingPhase = "waiting" | "loading" | "working" | "reconnecting";

/** What a lender is doing, and what it has done so far. */
export interface LendingState {
  phase: LendingPhase;
  /** For the person: which model is loaded, how many rows are generated. */
  message: string;
  batches: number;
  rows: number;
}

export interface LendOptions {
  runId: string;
  lender: Lender;
  engines: EngineProvider;
  /** Fires to stop: the batch in hand goes back. */
  signal: AbortSignal;
  onState?(state: LendingState): void;
  /** The server's address; in a page of its own none is needed. */
  base?: string;
}

/** Milliseconds between two tries to reach the server, at first and at most. */
const RETRY = { first: 500, most: 10_000 } as const;
const REDELIVERIES = 3;

/**
 * Does a run's model work until the run ends or the signal fires: leases a batch, runs it, posts the result.
 * @returns the state in which the run ended, or null when it was stopped
 * Throws AppError: `not-found` (no such run), `conflict` (its model has other files), and what loading a model throws
 */
export async function lend(options: LendOptions): Promise<string | null> {
  const { runId, lender, engines, signal, base } = options;
  const api = new LendingApi(base);
  const loaded = new Map<string, Engine>();
  const done = { batches: 0, rows: 0 };
  const tell = (phase: LendingPhase, message: string) => options.onState?.({ phase, message, ...done });
  let pause: number = RETRY.first;
  let memory: MemoryInUse | undefined;
  tell("waiting", "asking for work");
  while (!signal.aborted) {
    try {
      const models = [...loaded].map(([id, engine]) => ({
        id,
        fingerprint: engine.describe().fingerprint,
      }));
      const answer = await api.lease(runId, { lender: { ...lender, memory }, models }, signal);
      pause = RETRY.first;
      if (answer.kind === "over") return answer.state;
      if (answer.kind === "idle") tell("waiting", "nothing to do right now");
      else if (answer.kind === "load") {
        const { id } = answer.model;
        tell("loading", `loading ${id}`);
        const onProgress = (message: string) => tell("loading", message);
        loaded.set(id, await loadBeside(loaded, engines, id, { device: lender.device, onProgress }));
      } else {
        tell("working", wordsFor(answer.work));
        if (await work(api, answer, loaded, signal)) {
          done.batches += 1;
          done.rows += answer.work.rows.length;
        }
      }
      // Only after work: a worker that rests need not wake to tell.
      if (answer.kind !== "idle") memory = await memoryOf(loaded);
    } catch (thrown) {
      if (signal.aborted) break;
      const error = AppError.from(thrown);
      if (!error.retryable) throw error;
      tell("reconnecting", error.userMessage);
      await waited(pause, signal);
      pause = Math.min(RETRY.most, pause * 2);
    }
  }
  return null;
}

/** One batch. @returns whether its result was taken */
async function work(
  api: LendingApi,
  { lease, model, work: todo }: LeasedBatch,
  loaded: ReadonlyMap<string, Engine>,
  signal: AbortSignal,
): Promise<boolean> {
  const engine = loaded.get(model.id);
  const over = new AbortController();
  const lost = new AbortController();
  // At once and not when the engine has stopped: the page may be closing.
  const giveBack = () => void api.fail(lease, stopped()).catch(() => undefined);
  signal.addEventListener("abort", giveBack, { once: true });
  const beating = keepAlive(api, lease, lost, over.signal);
  try {
    if (!engine) throw new AppError("internal", `model ${model.id} was lent but is not loaded`);
    const result = await run(engine, todo, AbortSignal.any([signal, lost.signal]));
    await deliver(api, lease, packResult(result, todo, engine.describe().hidden), lost.signal);
    return true;
  } catch (error) {
    if (signal.aborted || lost.signal.aborted) return false;
    // A result that was refused has ended the lease already.
    await api.fail(lease, AppError.from(error)).catch(() => undefined);
    return false;
  } finally {
    signal.removeEventListener("abort", giveBack);
    over.abort();
    await beating;
  }
}

async function run(engine: Engine, todo: Work, signal: AbortSignal): Promise<WorkResult> {
  if (todo.kind === "generate")
    return { kind: "generate", rows: await engine.generate(todo.rows, { signal }) };
  return { kind: "capture", rows: await engine.capture(todo, { signal }) };
}

/** Beats until `over`; the server holds each one, so that no timer of a page in the background is needed. */
async function keepAlive(
  api: LendingApi,
  lease: string,
  lost: AbortController,
  over: AbortSignal,
): Promise<void> {
  while (!over.aborted) {
    try {
      if ((await api.beat(lease, over)) === "held") continue;
      lost.abort();
      return;
    } catch (error) {
      if (over.aborted) return;
      if (AppError.from(error).code === "not-found") {
        lost.abort();
        return;
      }
      await waited(RETRY.first, over);
    }
  }
}

/** Posts a result, again where the connection broke. */
async function deliver(api: LendingApi, lease: string, result: Uint8Array, lost: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await api.complete(lease, result);
      return;
    } catch (error) {
      if (!AppError.from(error).retryable || tries === REDELIVERIES || lost.aborted) throw error;
      await waited(RETRY.first, lost);
    }
  }
}

function wordsFor({ kind, rows }: Work): string {
  const count = `${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
  return kind === "generate" ? `generating ${count}` : `reading the hidden states of ${count}`;
}

function stopped(): AppError {
  return new AppError("aborted", "the lender was stopped");
}

/** An abort ends it early. */
function waited(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, signal).catch(() => {});
}
