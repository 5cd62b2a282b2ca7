"use client";
import { toast } from "sonner";
import { dollars, moment, whole } from "#components/format.ts";
import { LendingPanel } from "#components/runs/lending-panel.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { Facts } from "#components/ui/facts.tsx";
import type { BuildSnapshot } from "#lib/builds/api.ts";
import { useBuildAction } from "#lib/client/builds.ts";
import { messageOf } from "#lib/client/request.ts";
import { BuildStateBadge } from "./build-state.tsx";
import { DeleteBuild } from "./delete-build.tsx";
import { PhaseList } from "./phase-list.tsx";

/** How a build goes: phases, what it took, what failed; stop, resume, delete. Closing the page does not stop it. */
export function BuildPanel({ build, onDeleted }: { build: BuildSnapshot; onDeleted(): void }) {
  const { kind, name, state, progress, error, device, run_id } = build;
  const action = useBuildAction(kind, name);
  const running = state === "running";
  const isIncomplete = state === "done" && progress.failures.length > 0;
  const act = (wish: "stop" | "resume") =>
    action.mutate(wish, { onError: (failure) => toast.error(messageOf(failure)) });
  return (
    <div className="space-y-4">
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h2 className="flex flex-wrap items-center gap-3 font-semibold text-lg">
            {name} <BuildStateBadge state={state} />
          </h2>
          <p className="text-muted text-sm">
            begun {moment(build.created_at)}
            {build.ended_at && ` · ended ${moment(build.ended_at)}`}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {running && (
            <Button onClick={() => act("stop")} disabled={action.isPending}>
              Stop
            </Button>
          )}
          {(state === "stopped" || state === "failed" || isIncomplete) && (
            <Button look="primary" onClick={() => act("resume")} disabled={action.isPending}>
              {isIncomplete ? "Ask failed ones again" : "Resume"}
            </Button>
          )}
          {!running && (
            <DeleteBuild
              {...{ kind, name, onDeleted }}
              trigger={(ask) => (
                <Button look="danger" onClick={ask}>
                  Delete
                </Button>
              )}
            />
          )}
        </div>
      </header>
      {error && <ErrorNote message={error.userMessage} />}
      {device && <LendingPanel runId={run_id} devices={[device]} underWay={running} workers={[]} />}
      <Card title="Progress">
        <PhaseList phases={progress.phases} running={running} />
        <Spent {...progress.spent} failures={progress.failures.length} />
        <Log {...progress} />
      </Card>
    </div>
  );
}

type SpentProps = BuildSnapshot["progress"]["spent"] & { failures: number };

function Spent({ calls, prompt_tokens, completion_tokens, cost_usd, failures }: SpentProps) {
  const tokens =
    prompt_tokens === null || completion_tokens === null ? null : prompt_tokens + completion_tokens;
  const facts = [
    ["Calls, this start", whole(calls)],
    ["Tokens, this start", tokens === null ? "not told" : whole(tokens)],
    ["Cost, this start", dollars(cost_usd)],
    ["Failed items, this start", whole(failures)],
  ] as const;
  return <Facts facts={facts} className="mt-4 grid-cols-2 gap-3 sm:grid-cols-4" />;
}

function Log({ notices, failures }: Pick<BuildSnapshot["progress"], "notices" | "failures">) {
  if (notices.length + failures.length === 0) return null;
  return (
    <details className="mt-3" open={failures.length > 0}>
      <summary className="cursor-pointer text-sm">
        Log: {failures.length} failed items, {notices.length} notices
      </summary>
      <ul
        className="mt-2 max-h-64 space-y-1 overflow-auto text-sm"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        aria-label="Log"
      >
        {failures.map(({ item, error }) => (
          <li key={`${item} ${error.message}`} className="break-words text-bad">
            {item}: {error.userMessage}
          </li>
        ))}
        {[...new Set(notices)].map((notice) => (
          <li key={notice} className="break-words text-muted">
            {notice}
          </li>
        ))}
      </ul>
    </details>
  );
}
