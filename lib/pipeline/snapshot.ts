import type { RunSnapshot, StageProgress } from "./api.ts";
import type { DoneWork, RunEvent } from "./events.ts";

// Long runs with a failing judge must not grow the snapshot without bound; the files hold every failure.
const KEPT = 200;

/** The snapshot after one more event. Pure: the server keeps its row with it, the page its view. */
export function applyRunEvent(snapshot: RunSnapshot, event: RunEvent): RunSnapshot {
  switch (event.kind) {
    case "stage":
      return withStage(snapshot, event, (stage) => ({
        ...stage,
        state: event.state,
        done: event.done,
        total: event.total,
        failed: event.failed,
        started_at: event.state === "running" ? event.at : stage.started_at,
        seconds: event.seconds ?? stage.seconds,
      }));
    case "progress":
      return withStage(snapshot, event, (stage) => ({
        ...stage,
        done: event.done,
        total: event.total,
        failed: event.failed,
        unit: event.unit,
      }));
    case "notice": {
      const { at, level, message } = event;
      return { ...snapshot, notices: [...snapshot.notices, { at, level, message }].slice(-KEPT) };
    }
    case "item-failed": {
      const { at, trait, stage, item } = event;
      const failure = { at, trait, stage, item, message: event.error.userMessage };
      return { ...snapshot, failures: [...snapshot.failures, failure].slice(-KEPT) };
    }
    case "judge":
      return { ...snapshot, judge: { calls: event.calls, cached: event.cached, cost_usd: event.cost_usd } };
    // Scores belong to the trait's own page.
    case "judged":
      return snapshot;
    case "work":
      return { ...snapshot, workers: withWork(snapshot.workers, event.work) };
    case "run":
      return {
        ...snapshot,
        state: event.state,
        started_at: event.state === "running" ? event.at : snapshot.started_at,
        finished_at: event.state === "running" ? null : event.at,
      };
  }
}

function withStage(
  snapshot: RunSnapshot,
  { trait, stage }: { trait: string; stage: StageProgress["stage"] },
  change: (stage: StageProgress) => StageProgress,
): RunSnapshot {
  return {
    ...snapshot,
    stages: snapshot.stages.map((entry) =>
      entry.trait === trait && entry.stage === stage ? change(entry) : entry,
    ),
  };
}

function withWork(workers: RunSnapshot["workers"], done: DoneWork): RunSnapshot["workers"] {
  const known = workers.find(({ name, device }) => name === done.worker && device === done.device);
  const before: RunSnapshot["workers"][number] = known ?? {
    name: done.worker,
    device: done.device,
    batches: 0,
    rows: 0,
    seconds: 0,
  };
  const after = {
    ...before,
    batches: before.batches + 1,
    rows: before.rows + done.rows,
    seconds: before.seconds + done.seconds,
    tokens: (before.tokens ?? 0) + (done.tokens ?? 0),
    writing_seconds: (before.writing_seconds ?? 0) + (done.tokens === null ? 0 : done.seconds),
    memory: done.memory ?? before.memory ?? null,
  };
  return known ? workers.map((entry) => (entry === known ? after : entry)) : [...workers, after];
}

/** Items a second and seconds left of a running stage; null until there is something to measure. */
export function paceOf(stage: StageProgress, now: Date): { rate: number; eta: number } | null {
  if (stage.state !== "running" || stage.started_at === null || stage.done === 0) return null;
  const elapsed = (now.getTime() - Date.parse(stage.started_at)) / 1000;
  if (elapsed <= 0) return null;
  const rate = stage.done / elapsed;
  return { rate, eta: (stage.total - stage.done) / rate };
}
