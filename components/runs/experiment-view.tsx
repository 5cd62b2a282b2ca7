"use client";
import Link from "next/link";
import { moment } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Empty, ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { useExperiment } from "#lib/client/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import type { ExperimentResponse } from "#lib/pipeline/api.ts";
import { ConfigTable } from "./config-table.tsx";
import { RunDialog } from "./run-dialog.tsx";
import { StageMatrix } from "./stage-matrix.tsx";
import { RunStateBadge } from "./state-badge.tsx";

export function ExperimentView({ name }: { name: string }) {
  const { data, error, isPending, refetch } = useExperiment(name);
  if (isPending) return <Skeleton lines={8} />;
  if (error) {
    return (
      <ErrorNote message={messageOf(error)} action={<Button onClick={() => refetch()}>Try again</Button>} />
    );
  }
  const hasResults = (stage: string) =>
    data.plan.traits.some(({ stages }) =>
      stages.some((entry) => entry.stage === stage && ["done", "stale", "imported"].includes(entry.state)),
    );
  return (
    <div className="space-y-4">
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h1 className="font-semibold text-2xl">{data.name}</h1>
          {data.config.description && <p className="max-w-prose text-muted">{data.config.description}</p>}
        </div>
        <div className="flex flex-wrap gap-2">
          {hasResults("evaluate") && (
            <Button asChild>
              <Link href={`/experiments/${data.name}/vectors`}>Vectors</Link>
            </Button>
          )}
          {hasResults("steer") && (
            <Button asChild>
              <Link href={`/experiments/${data.name}/steering`}>Steering</Link>
            </Button>
          )}
          {data.has_report && (
            <Button asChild>
              <Link href={`/experiments/${data.name}/report`}>Report</Link>
            </Button>
          )}
          <RunDialog experiment={data} />
        </div>
      </header>
      <Card title="Stages" hint="What is done, and what a changed input made stale.">
        <StageMatrix plan={data.plan} />
      </Card>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card title="Runs">
          <RunList runs={data.runs} />
        </Card>
        <Card title="Settings" hint={`experiments/${data.name}/config.json; a run may override each of them`}>
          <ConfigTable config={data.config} />
        </Card>
      </div>
    </div>
  );
}

function RunList({ runs }: { runs: ExperimentResponse["runs"] }) {
  if (runs.length === 0) {
    return (
      <Empty title="Not run yet">Press Run… to see the plan; nothing starts before you confirm it.</Empty>
    );
  }
  return (
    <ul className="divide-y">
      {runs.map((run) => (
        <li key={run.run_id} className="flex flex-wrap items-center justify-between gap-2 py-2 text-sm">
          <Link href={`/runs/${run.run_id}`} className="text-accent underline underline-offset-2">
            {moment(run.created_at)}
          </Link>
          <span className="min-w-0 flex-1 truncate text-muted">{run.traits.join(", ")}</span>
          <RunStateBadge state={run.state} />
        </li>
      ))}
    </ul>
  );
}
