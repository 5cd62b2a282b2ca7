import { formatTraitId } from "#lib/core/names.ts";
import type { RunSnapshot } from "#lib/pipeline/api.ts";
import type { RunSpec } from "#lib/pipeline/contract.ts";
import type { RunEvent } from "#lib/pipeline/events.ts";
import { stageNames } from "#lib/pipeline/stages.ts";
import { type RunProgress, type RunRecord, summaryOf } from "../database/runs.ts";

/** A run as pages and the command line show it. */
export function snapshotOf(run: RunRecord): RunSnapshot {
  const { progress, error, result, command } = run;
  const { device, judge_device } = run.spec.config;
  return { ...summaryOf(run), ...progress, device, judge_device, error, result, command };
}

/** A run that has not begun. */
export function freshProgress(spec: Pick<RunSpec, "traits">): RunProgress {
  return {
    stages: spec.traits.flatMap((id) =>
      stageNames.map((stage) => ({
        trait: formatTraitId(id),
        stage,
        state: "waiting" as const,
        done: 0,
        total: 0,
        failed: 0,
        unit: null,
        started_at: null,
        seconds: null,
      })),
    ),
    judge: { calls: 0, cached: 0, cost_usd: 0 },
    notices: [],
    workers: [],
    failures: [],
  };
}

/** What a new attempt at a run begins with: stages tell themselves anew, what was spent and said stays. */
export function resumedProgress(run: RunRecord): RunProgress {
  const { judge, notices, workers } = run.progress;
  return { ...freshProgress(run.spec), judge, notices, workers };
}

/** The part of a snapshot that is kept in the row. */
export function progressOf({ stages, judge, notices, workers, failures }: RunSnapshot): RunProgress {
  return { stages, judge, notices, workers, failures };
}

/** The pipeline counts one attempt's judge calls; a run's are those of all its attempts. */
export function addEarlierJudge(event: RunEvent, earlier: RunProgress["judge"]): RunEvent {
  if (event.kind !== "judge") return event;
  const cost =
    event.cost_usd === null || earlier.cost_usd === null ? null : event.cost_usd + earlier.cost_usd;
  return {
    ...event,
    calls: event.calls + earlier.calls,
    cached: event.cached + earlier.cached,
    cost_usd: cost,
  };
}
