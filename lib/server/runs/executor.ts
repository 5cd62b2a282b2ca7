import { AppError } from "#lib/core/errors.ts";
import type { RunSnapshot, RunState } from "#lib/pipeline/api.ts";
import type { RunEvent } from "#lib/pipeline/events.ts";
import { planRun } from "#lib/pipeline/plan.ts";
import type { PipelinePorts } from "#lib/pipeline/ports.ts";
import { executeRun } from "#lib/pipeline/run.ts";
import { applyRunEvent } from "#lib/pipeline/snapshot.ts";
import type { RunOutcome, RunRecord, RunRepository } from "../database/runs.ts";
import { type Log, publicError } from "../log.ts";
import type { RunHub } from "./hub.ts";
import { addEarlierJudge, progressOf, resumedProgress, snapshotOf } from "./snapshot.ts";

export type StopReason = "pause" | "cancel" | "interrupt";

export interface ExecutorOptions {
  runs: RunRepository;
  /** Everything of the pipeline's ports but where its events go. */
  ports: Omit<PipelinePorts, "emit">;
  hub: RunHub;
  log: Log;
  /** Another process may ask a run of this one to stop: its row is looked at. */
  shared: boolean;
}

interface Active {
  controller: AbortController;
  /** Null until the run is claimed. */
  snapshot: RunSnapshot | null;
  /** Scores as they came: no snapshot holds them, and who joins late wants them. */
  judged: RunEvent[];
  ended: Promise<RunRecord | null>;
}

/** How often progress reaches the row, in milliseconds: what a page sees of a run that was killed. */
const SAVE_INTERVAL = 1000;
const STOPPED: Record<StopReason, RunState> = {
  pause: "paused",
  cancel: "cancelled",
  interrupt: "interrupted",
};

/** Executes runs in this process. The row is the truth: a run is claimed in it first, and its end is written to it. */
export class RunExecutor {
  readonly #options: ExecutorOptions;
  readonly #active = new Map<string, Active>();

  constructor(options: ExecutorOptions) {
    this.#options = options;
  }

  /**
   * Claims the run from one of these states and executes it to its end, which the row tells; called again for a run that
   * is being executed here, it waits for that. Rejects only when the database fails.
   * @returns the row at the end, or null when somebody else has the run or it is in no such state
   */
  async execute(runId: string, from: RunState[]): Promise<RunRecord | null> {
    const running = this.#active.get(runId);
    if (running) return running.ended;
    // Registered before the claim: a wish to stop that comes right after it must find the run.
    const active: Active = {
      controller: new AbortController(),
      snapshot: null,
      judged: [],
      ended: Promise.resolve(null),
    };
    this.#active.set(runId, active);
    active.ended = this.#claim(runId, from, active).finally(() => this.#active.delete(runId));
    return active.ended;
  }

  /** Stops a run after what is in flight; false when it does not run here. */
  stop(runId: string, reason: StopReason): boolean {
    const active = this.#active.get(runId);
    if (!active) return false;
    if (!active.controller.signal.aborted) active.controller.abort(reason);
    return true;
  }

  /** Stops every run and waits until their rows say so. */
  async stopAll(reason: StopReason): Promise<void> {
    const running = [...this.#active.entries()];
    for (const [runId] of running) this.stop(runId, reason);
    await Promise.allSettled(running.map(([, { ended }]) => ended));
  }

  /** A run that is being executed here, as it stands now. */
  snapshot(runId: string): RunSnapshot | null {
    return this.#active.get(runId)?.snapshot ?? null;
  }

  /** The scores that a run told of since it was begun or resumed here. */
  judged(runId: string): readonly RunEvent[] {
    return this.#active.get(runId)?.judged ?? [];
  }

  async #claim(runId: string, from: RunState[], active: Active): Promise<RunRecord | null> {
    const run = await this.#options.runs.claim(runId, from);
    return run && this.#work(run, { ...snapshotOf(run), ...resumedProgress(run) }, active);
  }

  async #work(run: RunRecord, begun: RunSnapshot, active: Active): Promise<RunRecord | null> {
    const { runs, hub, log } = this.#options;
    let snapshot = begun;
    let changed = false;
    const show = (next: RunSnapshot) => {
      snapshot = next;
      active.snapshot = next;
    };
    show(begun);
    const emit = (told: RunEvent) => {
      const event = addEarlierJudge(told, begun.judge);
      show(applyRunEvent(snapshot, event));
      changed = true;
      if (event.kind === "judged") active.judged.push(event);
      hub.publish(run.id, { type: "event", event });
    };
    let saving: Promise<void> = Promise.resolve();
    const timer = setInterval(() => {
      saving = saving.then(async () => {
        if (changed) {
          changed = false;
          await runs.saveProgress(run.id, run.attempt, progressOf(snapshot));
        }
        if (this.#options.shared) await this.#heed(run, active);
      });
      saving = saving.catch((error: unknown) => log.error("a run's progress was not saved", error));
    }, SAVE_INTERVAL);
    hub.publish(run.id, { type: "snapshot", snapshot });
    log.info("run started", { run: run.id, attempt: run.attempt });
    const outcome = await this.#outcome(run, begun.judge.cost_usd, active.controller.signal, emit);
    clearInterval(timer);
    await saving;
    const finished = await runs.finish(run.id, run.attempt, { ...outcome, progress: progressOf(snapshot) });
    log.info("run ended", { run: run.id, state: outcome.state, kept: finished });
    const row = await runs.get(run.id);
    if (row) {
      show(snapshotOf(row));
      hub.publish(run.id, { type: "snapshot", snapshot });
    }
    return row;
  }

  async #outcome(
    run: RunRecord,
    spent: number | null,
    signal: AbortSignal,
    emit: (event: RunEvent) => void,
  ): Promise<Omit<RunOutcome, "progress">> {
    const { log } = this.#options;
    const ports: PipelinePorts = { ...this.#options.ports, emit };
    const spec = spent ? { ...run.spec, spent_usd: spent } : run.spec;
    try {
      return { state: "done", result: await executeRun(spec, await planRun(spec, ports), ports, signal) };
    } catch (thrown) {
      if (signal.aborted) return { state: STOPPED[signal.reason as StopReason] };
      const known = AppError.from(thrown);
      if (known.code === "internal") log.error("a run failed", thrown, { run: run.id });
      else log.warn("a run failed", { run: run.id, code: known.code, reason: known.message });
      return { state: "failed", error: publicError(thrown, log).toJSON() };
    }
  }

  /** What another process wrote into the row: a wish to stop, or that it took the run over. */
  async #heed(run: RunRecord, active: Active): Promise<void> {
    const asked = await this.#options.runs.asked(run.id, run.attempt);
    if (asked === null || active.controller.signal.aborted) return;
    active.controller.abort(asked === "lost" ? "interrupt" : asked);
  }
}
