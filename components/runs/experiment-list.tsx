"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { duration, moment } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Empty, ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { Progress } from "#components/ui/progress.tsx";
import { useExperiments, usePlan, useStartRun } from "#lib/client/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import type { ExperimentSummary } from "#lib/pipeline/api.ts";
import { RunStateBadge } from "./state-badge.tsx";

const SAMPLE = "sample";

/** Every experiment with how far it is; the bundled sample comes first until it has been run. */
export function ExperimentList() {
  const { data, error, isPending, refetch } = useExperiments();
  if (isPending) return <Skeleton lines={6} />;
  if (error) {
    return (
      <ErrorNote message={messageOf(error)} action={<Button onClick={() => refetch()}>Try again</Button>} />
    );
  }
  const { experiments } = data;
  if (experiments.length === 0) {
    return (
      <Empty title="No experiments yet">
        An experiment is a folder <code>experiments/NAME</code> with a <code>config.json</code> that names a
        model.
      </Empty>
    );
  }
  const fresh = experiments.find(
    ({ name, last_run, done }) => name === SAMPLE && last_run === null && done === 0,
  );
  return (
    <div className="space-y-4">
      {fresh && <FirstRun experiment={fresh} />}
      <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
        {experiments.map((experiment) => (
          <ExperimentCard key={experiment.name} experiment={experiment} />
        ))}
      </div>
    </div>
  );
}

function FirstRun({ experiment }: { experiment: ExperimentSummary }) {
  const router = useRouter();
  const run = { experiment: experiment.name, config: {} };
  const { data } = usePlan(run, true);
  const start = useStartRun();
  const onRun = () =>
    start.mutate(run, {
      onSuccess: ({ run_id }) => router.push(`/runs/${run_id}`),
      onError: (error) => toast.error(messageOf(error)),
    });
  return (
    <Card
      title="Start here: the sample experiment"
      hint="A small bundled model answers contrasting prompts for four traits, judges its own answers, and shows which layer and method give a vector that really changes what it writes. Nothing leaves this machine."
      actions={
        <>
          <Button look="primary" onClick={onRun} disabled={start.isPending}>
            Run it{data?.estimated_seconds ? `: about ${duration(data.estimated_seconds)}` : ""}
          </Button>
          <Button asChild>
            <Link href={`/experiments/${experiment.name}`}>Look at it first</Link>
          </Button>
        </>
      }
    >
      <p className="text-muted text-sm">
        Write traits of your own under <Link href="/traits">Traits</Link>;{" "}
        <code>experiments/NAME/config.json</code> names the model to run them on.
      </p>
    </Card>
  );
}

function ExperimentCard({ experiment }: { experiment: ExperimentSummary }) {
  const { name, description, traits, done, total, last_run, problem } = experiment;
  return (
    <Card
      title={
        <Link href={`/experiments/${name}`} className="hover:text-accent">
          {name}
        </Link>
      }
      hint={description}
      actions={last_run && <RunStateBadge state={last_run.state} />}
    >
      <p className="mb-1 text-sm">
        {done} of {total} stages done · {traits.length} {traits.length === 1 ? "trait" : "traits"}
      </p>
      <Progress done={done} total={total} label={`${name}: stages done`} tone="good" />
      {problem && <p className="mt-2 break-words text-sm text-warn">{problem}</p>}
      {last_run && (
        <p className="mt-2 text-muted text-sm">
          <Link href={`/runs/${last_run.run_id}`} className="underline underline-offset-2">
            Last run
          </Link>{" "}
          {moment(last_run.created_at)}
        </p>
      )}
      {done > 0 && (
        <p className="mt-2 flex gap-3 text-sm">
          <Link href={`/experiments/${name}/vectors`} className="text-accent underline underline-offset-2">
            Vectors
          </Link>
          <Link href={`/experiments/${name}/steering`} className="text-accent underline underline-offset-2">
            Steering
          </Link>
        </p>
      )}
    </Card>
  );
}
