"use client";
import { decimal, duration, whole } from "#components/format.ts";
import { Progress } from "#components/ui/progress.tsx";
import { type BuildPhase, paceOf } from "#lib/builds/progress.ts";
import { useNow } from "#lib/client/now.ts";

/** The phases of a build, each with n of m, rate and time left. */
export function PhaseList({ phases, running }: { phases: readonly BuildPhase[]; running: boolean }) {
  const now = useNow(running);
  return (
    <ol className="space-y-2">
      {phases.map((phase) => (
        <li key={phase.name} data-phase={phase.name}>
          <div className="flex flex-wrap items-center justify-between gap-x-3 text-sm">
            <span>{phase.name}</span>
            <span className="text-muted text-xs">{numbersOf(phase, running ? now : null)}</span>
          </div>
          <Progress
            done={phase.done}
            total={phase.total ?? 0}
            label={phase.name}
            tone={phase.ended_at ? "good" : "accent"}
          />
        </li>
      ))}
    </ol>
  );
}

/** @param now null where nothing goes on */
function numbersOf(phase: BuildPhase, now: Date | null): string {
  if (phase.started_at === null) return "waiting";
  const of = phase.total === null ? "" : ` of ${whole(phase.total)}`;
  const done = `${whole(phase.done)}${of} ${phase.unit}`;
  if (phase.ended_at) {
    const seconds = (Date.parse(phase.ended_at) - Date.parse(phase.started_at)) / 1000;
    return `${done} · ${duration(seconds)}`;
  }
  const pace = now && paceOf(phase, now);
  if (!pace) return done;
  const left = pace.eta === null ? "" : ` · ${duration(Math.max(0, pace.eta))} left`;
  return `${done} · ${decimal(pace.rate, pace.rate < 10 ? 1 : 0)}/s${left}`;
}
