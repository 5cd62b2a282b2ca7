"use client";
import { moment, whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import type { BuildKindName, BuildSnapshot } from "#lib/builds/api.ts";
import { useBuilds } from "#lib/client/builds.ts";
import { messageOf } from "#lib/client/request.ts";
import { BuildStateBadge } from "./build-state.tsx";

interface BuildListProps {
  kind: BuildKindName;
  /** The one that is shown. */
  chosen: string | null;
  onChoose(name: string): void;
  /** Shown where there is none. */
  children: React.ReactNode;
}

/** The builds of a kind, to choose from. */
export function BuildList({ kind, chosen, onChoose, children }: BuildListProps) {
  const { data, error, isPending, refetch } = useBuilds(kind);
  if (isPending) return <Skeleton lines={3} />;
  if (error) {
    return (
      <ErrorNote message={messageOf(error)} action={<Button onClick={() => refetch()}>Try again</Button>} />
    );
  }
  if (data.builds.length === 0) return children;
  return (
    <ul className="divide-y rounded-lg border bg-surface">
      {data.builds.map((build) => (
        <li key={build.name}>
          <button
            type="button"
            aria-current={build.name === chosen ? "true" : undefined}
            onClick={() => onChoose(build.name)}
            className="flex w-full flex-wrap items-center justify-between gap-2 p-3 text-left text-sm hover:bg-raised aria-[current]:bg-raised"
          >
            <span className="min-w-0 break-words font-medium">{build.name}</span>
            <span className="flex items-center gap-2 text-muted text-xs">
              {summaryOf(build)} <BuildStateBadge state={build.state} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function summaryOf({ progress, created_at }: BuildSnapshot): string {
  const last = progress.phases.findLast(({ started_at }) => started_at !== null);
  return last ? `${whole(last.done)} ${last.unit} · ${moment(created_at)}` : moment(created_at);
}
