"use client";
import { useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useEffect } from "react";
import { toast } from "sonner";
import { whole } from "#components/format.ts";
import { stageTitles } from "#components/runs/states.ts";
import { Button } from "#components/ui/button.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { Progress } from "#components/ui/progress.tsx";
import { useRunAction, useStartRun } from "#lib/client/queries.ts";
import { messageOf } from "#lib/client/request.ts";
import { useLiveRun } from "#lib/client/run-events.ts";
import type { RunSnapshot } from "#lib/pipeline/api.ts";
import type { VettingKind } from "#lib/pipeline/human-labels.ts";

const stagesOf = {
  scenario: ["vet-scenarios"],
  response: ["vet-scenarios", "generate", "vet-responses"],
} as const;

/** Starts the vetting of one trait; only texts that were not judged before cost a call. */
export function useRevet(experiment: string, trait: string) {
  const { mutate, isPending } = useStartRun();
  const start = (kind: VettingKind, onStarted: (run: string) => void) =>
    mutate(
      { experiment, traits: [trait], stages: [...stagesOf[kind]], config: {} },
      {
        onSuccess: ({ run_id }) => onStarted(run_id),
        onError: (error) => toast.error(messageOf(error)),
      },
    );
  return { start, isPending };
}

interface RevetStripProps {
  runId: string;
  onClose(): void;
}

/** A run of vetting as it goes, in one line; what it finds is shown once it is done. */
export function RevetStrip({ runId, onClose }: RevetStripProps) {
  const { run, missing } = useLiveRun(runId);
  const client = useQueryClient();
  const { mutate: act } = useRunAction(runId);
  const state = run?.state;
  useEffect(() => {
    if (state && !["queued", "running"].includes(state)) void client.invalidateQueries();
  }, [state, client]);
  if (missing) return <ErrorNote message={missing} action={<Button onClick={onClose}>Close</Button>} />;
  const going = run === null || run.state === "queued" || run.state === "running";
  return (
    <div className="space-y-2 rounded-md border bg-surface p-3 text-sm">
      <div className="flex flex-wrap items-center gap-3">
        <p role="status" className="min-w-0 flex-1">
          {run ? words(run) : "Starting …"}
        </p>
        <Link href={`/runs/${runId}`} className="text-accent underline underline-offset-4">
          Open the run
        </Link>
        {going ? (
          <Button onClick={() => act("cancel", { onError: (error) => toast.error(messageOf(error)) })}>
            Cancel
          </Button>
        ) : (
          <Button onClick={onClose}>Close</Button>
        )}
      </div>
      {run && going && <StageProgress run={run} />}
      {run?.error && <ErrorNote message={run.error.userMessage} />}
    </div>
  );
}

function StageProgress({ run }: { run: RunSnapshot }) {
  const stage = run.stages.find((each) => each.state === "running");
  if (!stage) return null;
  return <Progress done={stage.done} total={stage.total} label={stageTitles[stage.stage]} />;
}

function words(run: RunSnapshot): string {
  const stage = run.stages.find((each) => each.state === "running");
  const judged = `${whole(run.judge.calls)} judge calls, ${whole(run.judge.cached)} known before`;
  switch (run.state) {
    case "queued":
      return "Waits for the run before it.";
    case "running":
      return stage
        ? `${stageTitles[stage.stage]}: ${whole(stage.done)} of ${whole(stage.total)}. ${judged}`
        : "Vetting …";
    case "done":
      return `Vetted: ${judged}${run.failures.length > 0 ? `, ${whole(run.failures.length)} without a score` : ""}.`;
    case "failed":
      return "The run failed.";
    case "cancelled":
      return "Cancelled: what was judged is kept, the lines are still to re-vet.";
    default:
      return `The run is ${run.state}: open it to go on.`;
  }
}
