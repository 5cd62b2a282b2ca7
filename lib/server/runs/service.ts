import { AppError } from "#lib/core/errors.ts";
import type { PlanResponse, RunRequest, RunSnapshot, RunState, RunSummary } from "#lib/pipeline/api.ts";
import type { RunPlan, RunSpec } from "#lib/pipeline/contract.ts";
import { commandOf } from "#lib/pipeline/flags.ts";
import { type PlanOptions, planRun } from "#lib/pipeline/plan.ts";
import type { PipelinePorts } from "#lib/pipeline/ports.ts";
import { type RunOrigin, type RunRecord, type RunRepository, summaryOf } from "../database/runs.ts";
import { estimateSeconds } from "./estimate.ts";
import type { RunExecutor, StopReason } from "./executor.ts";
import type { RunHub, RunListener } from "./hub.ts";
import { freshProgress, snapshotOf } from "./snapshot.ts";
import { makeRunId, specOf } from "./spec.ts";

export type RunAction = "pause" | "cancel" | "resume" | "retry";

export interface RunServiceOptions {
  runs: RunRepository;
  executor: RunExecutor;
  hub: RunHub;
  ports: Omit<PipelinePorts, "emit">;
  /** Hands a queued run to whoever executes the queue; a process without a queue leaves it in its row. */
  enqueue(runId: string): Promise<void>;
  /** Four hex digits that tell apart runs of one second. */
  randomId(): string;
}

/** How many earlier runs tell the pace of the next. */
const PACE_RUNS = 10;
const STOPPABLE: RunState[] = ["queued", "paused", "interrupted", "failed"];
const RESUMABLE: RunState[] = ["paused", "interrupted", "cancelled", "failed"];

/** The use cases around runs, for the HTTP surface and the command line alike. */
export class RunService {
  readonly #options: RunServiceOptions;

  constructor(options: RunServiceOptions) {
    this.#options = options;
  }

  /** What a run would do. Throws what `planRun` throws. */
  async plan(request: RunRequest, options: PlanOptions = {}): Promise<PlanResponse & { spec: RunSpec }> {
    const { spec, plan } = await this.#prepare(request, options);
    const earlier = await this.#options.runs.list({ experiment: request.experiment, limit: PACE_RUNS });
    const estimated_seconds = estimateSeconds(plan, spec, earlier);
    return { spec, plan, command: commandOf(request), estimated_seconds };
  }

  /** Writes the run's row, in state `queued`; nothing is executed yet. Throws what `planRun` throws. */
  async create(request: RunRequest, origin: RunOrigin): Promise<RunRecord> {
    const { spec, plan } = await this.#prepare(request);
    return this.#options.runs.insert({
      id: spec.run_id,
      experiment: spec.experiment,
      origin,
      command: commandOf(request),
      spec,
      plan,
      progress: freshProgress(spec),
    });
  }

  /** Creates a run for the queue. */
  async start(request: RunRequest): Promise<RunRecord> {
    const run = await this.create(request, "server");
    await this.#options.enqueue(run.id);
    return run;
  }

  async list(filter: { experiment?: string; limit: number }): Promise<RunSummary[]> {
    const runs = await this.#options.runs.list(filter);
    return runs.map((run) => {
      const live = this.#options.executor.snapshot(run.id);
      return live ? { ...summaryOf(run), state: live.state } : summaryOf(run);
    });
  }

  /** The queued or running run that reads a trait; null when none does. */
  async runReading(trait: string): Promise<string | null> {
    const runs = await this.#options.runs.inState(["queued", "running"]);
    return runs.map(summaryOf).find(({ traits }) => traits.includes(trait))?.run_id ?? null;
  }

  /** A run as it stands now. Throws `not-found`. */
  async get(runId: string): Promise<RunSnapshot> {
    return this.#options.executor.snapshot(runId) ?? snapshotOf(await this.#require(runId));
  }

  /** Throws `conflict` when the run's state does not allow it. */
  async act(runId: string, action: RunAction): Promise<RunSnapshot> {
    const run = await this.#require(runId);
    if (action === "pause" || action === "cancel") await this.#stop(run, action);
    else await this.#restart(run, action);
    return this.get(runId);
  }

  /**
   * Follows a run: the whole picture and the scores so far first, then every message. Throws `not-found`.
   * @returns the function that ends it
   */
  async follow(runId: string, listener: RunListener): Promise<() => void> {
    const { hub, executor } = this.#options;
    let ready = false;
    let missed = false;
    const unsubscribe = hub.subscribe(runId, (message) => {
      if (ready) listener(message);
      else missed = true;
    });
    try {
      let snapshot = executor.snapshot(runId);
      while (snapshot === null) {
        missed = false;
        const row = await this.#require(runId);
        snapshot = executor.snapshot(runId) ?? (missed ? null : snapshotOf(row));
      }
      // Not a tick between this picture and the first message after it.
      ready = true;
      listener({ type: "snapshot", snapshot });
      for (const event of executor.judged(runId)) listener({ type: "event", event });
      return unsubscribe;
    } catch (error) {
      unsubscribe();
      throw error;
    }
  }

  async #prepare(request: RunRequest, options: PlanOptions = {}): Promise<{ spec: RunSpec; plan: RunPlan }> {
    const { ports, randomId } = this.#options;
    const spec = await specOf(request, makeRunId(ports.now(), randomId()), ports.artifacts);
    return { spec, plan: await planRun(spec, { ...ports, emit: () => {} }, options) };
  }

  async #stop(run: RunRecord, reason: Extract<StopReason, "pause" | "cancel">): Promise<void> {
    const { runs, executor, hub } = this.#options;
    // The row first: a wish outlives this process.
    if (await runs.ask(run.id, reason)) {
      executor.stop(run.id, reason);
      return;
    }
    const from = reason === "pause" ? (["queued", "interrupted"] as RunState[]) : STOPPABLE;
    const moved = await runs.move(run.id, from, reason === "pause" ? "paused" : "cancelled");
    if (!moved) throw refused(run, reason);
    hub.publish(run.id, { type: "snapshot", snapshot: snapshotOf(moved) });
  }

  async #restart(run: RunRecord, action: "resume" | "retry"): Promise<void> {
    const { runs, enqueue, hub } = this.#options;
    const failed = (run.result?.failed_items ?? 0) > 0;
    const from: RunState[] = failed ? [...RESUMABLE, "done"] : RESUMABLE;
    const moved = await runs.move(run.id, from, "queued", "server");
    if (!moved) throw refused(run, action);
    hub.publish(run.id, { type: "snapshot", snapshot: snapshotOf(moved) });
    await enqueue(run.id);
  }

  async #require(runId: string): Promise<RunRecord> {
    const run = await this.#options.runs.get(runId);
    if (run) return run;
    throw new AppError("not-found", `run ${JSON.stringify(runId)} is not known`);
  }
}

function refused({ id, state, request }: RunRecord, action: RunAction): AppError {
  const now = request === null ? state : `${state} and asked to ${request}`;
  return new AppError("conflict", `run ${id} is ${now}: it cannot ${action}`, { details: { state } });
}
