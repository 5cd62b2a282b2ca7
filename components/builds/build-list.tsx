"use client";
import { Trash2 } from "lucide-react";
import { moment, whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import type { BuildKindName, BuildSnapshot } from "#lib/builds/api.ts";
import { useBuilds } from "#lib/client/builds.ts";
import { messageOf } from "#lib/client/request.ts";
import { BuildBin } from "./build-bin.tsx";
import { BuildStateBadge } from "./build-state.tsx";
import { DeleteBuild } from "./delete-build.tsx";

interface BuildListProps {
  kind: BuildKindName;
  /** The one that is shown. */
  chosen: string | null;
  onChoose(name: string): void;
  /** The one that is shown was deleted. */
  onGone(): void;
  /** Shown where there is none. */
  children: React.ReactNode;
}

/** The builds of a kind, to choose from, and those in the bin. */
export function BuildList({ kind, chosen, onChoose, onGone, children }: BuildListProps) {
  const { data, error, isPending, refetch } = useBuilds(kind);
  if (isPending) return <Skeleton lines={3} />;
  if (error) {
    return (
      <ErrorNote message={messageOf(error)} action={<Button onClick={() => refetch()}>Try again</Button>} />
    );
  }
  const builds =
    data.builds.length === 0 ? (
      children
    ) : (
      <ul className="divide-y rounded-lg border bg-surface">
        {data.builds.map((build) => (
          <li key={build.name} className="flex items-center has-[[aria-current]]:bg-raised">
            <button
              type="button"
              aria-current={build.name === chosen ? "true" : undefined}
              onClick={() => onChoose(build.name)}
              className="min-w-0 grow space-y-1 p-3 text-left text-sm hover:bg-raised"
            >
              <span className="flex items-center justify-between gap-2">
                <span className="min-w-0 break-words font-medium">{build.name}</span>
                <BuildStateBadge state={build.state} />
              </span>
              <span className="block text-muted text-xs">{summaryOf(build)}</span>
            </button>
            {build.state !== "running" && (
              <DeleteBuild
                {...build}
                trigger={(ask) => (
                  <button
                    type="button"
                    onClick={ask}
                    className="m-1 rounded p-1.5 hover:bg-raised"
                    aria-label={`Delete ${build.name}`}
                    title="Delete"
                  >
                    <Trash2 size={16} aria-hidden />
                  </button>
                )}
                onDeleted={() => build.name === chosen && onGone()}
              />
            )}
          </li>
        ))}
      </ul>
    );
  return (
    <>
      {builds}
      <BuildBin kind={kind} />
    </>
  );
}

function summaryOf({ progress, created_at }: BuildSnapshot): string {
  const last = progress.phases.findLast(({ started_at }) => started_at !== null);
  return last ? `${whole(last.done)} ${last.unit} · ${moment(created_at)}` : moment(created_at);
}
