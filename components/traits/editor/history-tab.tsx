"use client";
import { parseAsInteger, useQueryState } from "nuqs";
import { useState } from "react";
import { toast } from "sonner";
import { moment, whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Empty, ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { LineDiff } from "#components/ui/line-diff.tsx";
import { messageOf } from "#lib/client/request.ts";
import { useRevision, useRevisions } from "#lib/client/trait-queries.ts";
import type { Revision } from "#lib/traits/api.ts";
import { traitFiles } from "#lib/traits/folder.ts";
import type { TraitDraft } from "./use-trait-draft.ts";

const kinds: Record<Revision["kind"], string> = {
  external: "found on disk",
  create: "created",
  import: "imported",
  duplicate: "duplicated",
  save: "saved",
  autosave: "edited here",
  restore: "restored",
};

/** What the trait's files were, newest first, and how that differs from now. */
export function HistoryTab({ trait, draft }: { trait: string; draft: TraitDraft }) {
  const { data, error, isPending, refetch } = useRevisions(trait);
  const [chosen, setChosen] = useQueryState("revision", parseAsInteger);
  if (isPending) return <Skeleton lines={8} />;
  if (error) {
    return (
      <ErrorNote message={messageOf(error)} action={<Button onClick={() => refetch()}>Try again</Button>} />
    );
  }
  const revision = data.find(({ id }) => id === chosen) ?? data[0];
  if (!revision) return <Empty title="No history yet">Every state that a save replaces is kept here.</Empty>;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
      <Card title="Revisions" hint="Edits within some minutes are one revision.">
        <ul aria-label="Revisions" className="max-h-[65vh] space-y-0.5 overflow-y-auto">
          {data.map((each) => (
            <li key={each.id}>
              <button
                type="button"
                aria-pressed={each.id === revision.id}
                onClick={() => void setChosen(each.id)}
                className="w-full rounded-md px-2 py-1 text-left text-sm hover:bg-raised aria-pressed:bg-raised aria-pressed:text-accent"
              >
                <span className="block">{moment(each.at)}</span>
                <span className="text-muted text-xs">
                  {kinds[each.kind]} · {whole(each.positives)} + {whole(each.negatives)} lines
                  {each.version === draft.saved.version && " · as now"}
                  {each.note && ` · ${each.note}`}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </Card>
      <RevisionDiff key={revision.id} trait={trait} revision={revision} draft={draft} />
    </div>
  );
}

function RevisionDiff({ trait, revision, draft }: { trait: string; revision: Revision; draft: TraitDraft }) {
  const { data, error } = useRevision(trait, revision.id);
  const [restoring, setRestoring] = useState(false);
  const now = draft.saved.texts;
  const different = data ? traitFiles.filter((file) => data.texts[file] !== now[file]) : [];
  const restore = async () => {
    if (!data) return;
    setRestoring(true);
    if (await draft.restore(revision.id, data.texts)) {
      toast.success(`The trait is again as it was at ${moment(revision.at)}.`);
    }
    setRestoring(false);
  };
  return (
    <Card
      title={`From ${moment(revision.at)} to now`}
      hint="− is what it was, + is what it is now."
      actions={
        different.length > 0 && (
          <Button look="primary" disabled={restoring} onClick={() => void restore()}>
            Restore this revision
          </Button>
        )
      }
    >
      {error && <ErrorNote message={messageOf(error)} />}
      {!data && !error && <Skeleton lines={6} />}
      {data && different.length === 0 && <p className="text-muted text-sm">It is the same as now.</p>}
      <div className="space-y-4">
        {data &&
          different.map((file) => (
            <LineDiff key={file} title={file} before={data.texts[file] ?? ""} after={now[file] ?? ""} />
          ))}
      </div>
    </Card>
  );
}
