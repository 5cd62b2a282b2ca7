"use client";
import Link from "next/link";
import { dollars, duration, moment, whole } from "#components/format.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { useLiveRun } from "#lib/client/run-events.ts";
import type { RunSnapshot } from "#lib/pipeline/api.ts";
import { LendingPanel } from "./lending-panel.tsx";
import { RunButtons } from "./run-buttons.tsx";
import { RunLog } from "./run-log.tsx";
import { RunOutcome } from "./run-outcome.tsx";
import { StageSteps } from "./stage-steps.tsx";
import { RunStateBadge } from "./state-badge.tsx";

/** One run, live. Closing the page does not stop it. */
export function RunView({ runId }: { runId: string }) {
  const { run, connected, missing } = useLiveRun(runId);
  if (missing) return <ErrorNote message={missing} action={<Link href="/">Back to the experiments</Link>} />;
  if (!run) return <Skeleton lines={8} />;
  return (
    <div className="space-y-4">
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="flex flex-wrap items-center gap-3 font-semibold text-2xl">
            <span>
              Run of{" "}
              <Link
                href={`/experiments/${run.experiment}`}
                className="text-accent underline underline-offset-4"
              >
                {run.experiment}
              </Link>
            </span>
            <RunStateBadge state={run.state} />
          </h1>
          <p className="text-muted text-sm">
            {run.traits.join(", ")} · started {moment(run.started_at ?? run.created_at)}
          </p>
        </div>
        <RunButtons run={run} />
      </header>
      {!connected && run.state === "running" && (
        <p role="status" className="text-sm text-warn">
          The connection to the server is interrupted; the run goes on there. Reconnecting …
        </p>
      )}
      {run.error && <ErrorNote message={run.error.userMessage} />}
      <Totals run={run} />
      <LendingPanel
        runId={run.run_id}
        devices={[run.device, run.judge_device]}
        underWay={run.state === "queued" || run.state === "running"}
        workers={run.workers}
      />
      <StageSteps run={run} />
      {run.result && <RunOutcome experiment={run.experiment} result={run.result} />}
      <RunLog run={run} />
      <Card title="The same run from a shell">
        <Copyable what="command" text={run.command} />
      </Card>
    </div>
  );
}

function Totals({ run }: { run: RunSnapshot }) {
  const seconds = run.stages.reduce((sum, stage) => sum + (stage.seconds ?? 0), 0);
  const finished = run.stages.filter(({ state }) => ["done", "current", "skipped"].includes(state)).length;
  const facts = [
    ["Stages", `${finished} of ${run.stages.length}`],
    ["Judge calls", `${whole(run.judge.calls)} (${whole(run.judge.cached)} cached)`],
    ["Cost so far", dollars(run.judge.cost_usd)],
    ["Failed items", whole(run.failures.length)],
    ["Time in finished stages", duration(seconds)],
  ] as const;
  return (
    <Facts facts={facts} className="grid-cols-2 gap-3 rounded-lg border bg-surface p-4 sm:grid-cols-5">
      {run.result && run.result.warnings.length > 0 && (
        <div>
          <dt className="text-muted text-xs">Warnings</dt>
          <dd>
            <Badge tone="warn">{run.result.warnings.length}</Badge>
          </dd>
        </div>
      )}
    </Facts>
  );
}
