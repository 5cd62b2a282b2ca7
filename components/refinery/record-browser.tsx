"use client";
import { useState } from "react";
import { toast } from "sonner";
import { whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import type { BuildSnapshot } from "#lib/builds/api.ts";
import { useRefineAgain, useRefineryRows, versionOf } from "#lib/client/refinery.ts";
import { messageOf } from "#lib/client/request.ts";
import { useSettled } from "#lib/client/settled.ts";
import { type RefineryOverview, rowsPerPage } from "#lib/refinery/api.ts";
import { RecordFilters, useRecordQuery } from "./record-filters.tsx";
import { RecordItem } from "./record-item.tsx";

interface RecordBrowserProps {
  build: BuildSnapshot;
  overview: RefineryOverview;
}

/** Every record with an outcome; the rejected can be chosen and tried again. */
export function RecordBrowser({ build, overview }: RecordBrowserProps) {
  const [query, setQuery] = useRecordQuery();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const again = useRefineAgain(build.name);
  const { page, record, ...filter } = query;
  const search = useSettled(filter.search, 300);
  const at = Math.max(0, page - 1);
  const version = versionOf(build);
  const { data, error } = useRefineryRows(build.name, { ...filter, search }, at, version);
  const choose = (ids: readonly string[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) on ? next.add(id) : next.delete(id);
    setChosen(next);
  };
  const rejected = data?.rows.filter(({ outcome }) => outcome === "rejected").map(({ id }) => id) ?? [];
  const all = rejected.length > 0 && rejected.every((id) => chosen.has(id));
  const retry = () =>
    again.mutate([...chosen], {
      onSuccess: () => setChosen(new Set()),
      onError: (failure) => toast.error(messageOf(failure)),
    });
  return (
    <Card
      title="Records"
      actions={
        <>
          {rejected.length > 0 && (
            <Button look="quiet" onClick={() => choose(rejected, !all)}>
              {all ? "Choose none" : "Choose the rejected here"}
            </Button>
          )}
          <Button
            onClick={retry}
            disabled={chosen.size === 0 || build.state === "running" || again.isPending}
          >
            Try again{chosen.size > 0 && ` (${whole(chosen.size)})`}
          </Button>
        </>
      }
    >
      <RecordFilters overview={overview} query={query} onQuery={(change) => void setQuery(change)} />
      {error && <ErrorNote message={messageOf(error)} />}
      {!error && !data && <Skeleton lines={6} />}
      {data && (
        <>
          <p role="status" className="text-muted text-sm">
            {data.total === 0
              ? "No record passes this filter."
              : `${whole(at * rowsPerPage + 1)} to ${whole(Math.min((at + 1) * rowsPerPage, data.total))} of ${whole(data.total)}`}
          </p>
          <ol className="divide-y">
            {data.rows.map((row) => (
              <RecordItem
                key={row.id}
                build={build.name}
                version={version}
                row={row}
                open={record === row.id}
                chosen={chosen.has(row.id)}
                onOpen={(open) => void setQuery({ record: open ? row.id : null })}
                onChosen={(on) => choose([row.id], on)}
              />
            ))}
          </ol>
          {data.total > rowsPerPage && (
            <div className="mt-3 flex gap-2">
              <Button disabled={at === 0} onClick={() => setQuery({ page: at })}>
                Previous
              </Button>
              <Button
                disabled={(at + 1) * rowsPerPage >= data.total}
                onClick={() => setQuery({ page: at + 2 })}
              >
                Next
              </Button>
            </div>
          )}
        </>
      )}
    </Card>
  );
}
