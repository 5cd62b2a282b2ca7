"use client";
import Link from "next/link";
import { type ReactNode, useEffect, useRef } from "react";
import { dollars, whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { useLiveRun } from "#lib/client/run-events.ts";
import { lentDeviceOf } from "#lib/engine/run-device.ts";
import type { RunSnapshot, RunState } from "#lib/pipeline/api.ts";
import type { RunEvent } from "#lib/pipeline/events.ts";
import { RunButtons } from "./run-buttons.tsx";
import { StageList } from "./stage-steps.tsx";
import { RunStateBadge } from "./state-badge.tsx";
import { isOver } from "./states.ts";

interface RunCardProps {
  title: string;
  runId: string;
  trait: string;
  onEvent?(event: RunEvent): void;
  onState(state: RunState): void;
  onHide(): void;
  /** What helps with the run's error. */
  remedy?(message: string): ReactNode;
}

const SHOWN_FAILURES = 3;

/** One trait's part of a run, as it goes, on the page that started it; closing the page does not stop it. */
export function RunCard({ title, runId, trait, onEvent, onState, onHide, remedy }: RunCardProps) {
  const { run, connected, missing } = useLiveRun(runId, onEvent);
  const tell = useRef(onState);
  tell.current = onState;
  const state = run?.state;
  useEffect(() => {
    if (state) tell.current(state);
  }, [state]);
  if (missing) return <ErrorNote message={missing} action={<Button onClick={onHide}>Hide</Button>} />;
  if (!run) return <Skeleton lines={2} />;
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-2">
          {title} <RunStateBadge state={run.state} />
        </span>
      }
      actions={
        <>
          <RunButtons run={run} />
          {isOver(run.state) && <Button onClick={onHide}>Hide</Button>}
        </>
      }
    >
      <RunBody run={run} trait={trait} connected={connected} remedy={remedy} />
    </Card>
  );
}

interface RunBodyProps {
  run: RunSnapshot;
  trait: string;
  connected: boolean;
  remedy: RunCardProps["remedy"];
}

function RunBody({ run, trait, connected, remedy }: RunBodyProps) {
  const error = run.error?.userMessage ?? run.result?.traits.find((each) => each.trait === trait)?.error;
  const lent = lentDeviceOf([run.device, run.judge_device]) !== null;
  const failures = run.failures.filter((failure) => failure.trait === trait);
  return (
    <div className="space-y-2 text-sm">
      {error && <ErrorNote message={error} action={remedy?.(error)} />}
      <StageList stages={run.stages.filter((stage) => stage.trait === trait && stage.state !== "skipped")} />
      {!connected && run.state === "running" && (
        <p role="status" className="text-warn">
          The connection to the server is interrupted; the run goes on there. Reconnecting …
        </p>
      )}
      {failures.length > 0 && (
        <ul className="list-disc pl-5 text-bad">
          {failures.slice(-SHOWN_FAILURES).map(({ at, stage, item, message }) => (
            <li key={`${at} ${stage} ${item}`}>
              {item}: {message}
            </li>
          ))}
          {failures.length > SHOWN_FAILURES && (
            <li>and {whole(failures.length - SHOWN_FAILURES)} more failed items</li>
          )}
        </ul>
      )}
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-muted">
        <span>
          {whole(run.judge.calls)} judge {run.judge.calls === 1 ? "call" : "calls"}, {whole(run.judge.cached)}{" "}
          from the cache
        </span>
        <span>{dollars(run.judge.cost_usd)}</span>
        <Link className="text-accent underline underline-offset-2" href={`/runs/${run.run_id}`}>
          The run’s page
        </Link>
        {lent && !isOver(run.state) && (
          <Link
            className="text-accent underline underline-offset-2"
            href={`/runs/${run.run_id}?lend=yes`}
            target="_blank"
          >
            Lend this browser: the run waits for one (new tab)
          </Link>
        )}
      </p>
    </div>
  );
}
