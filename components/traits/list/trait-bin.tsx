"use client";
import { useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { moment, whole } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import { ErrorNote } from "#components/ui/empty.tsx";
import { messageOf } from "#lib/client/request.ts";
import { traitsApi, useTraitBin } from "#lib/client/trait-queries.ts";
import type { DeletedTrait } from "#lib/traits/api.ts";
import { NameDialog } from "./name-dialog.tsx";

/** Deleted traits, to be taken back; nothing is shown while there are none. */
export function TraitBin() {
  const { data, error } = useTraitBin();
  if (error) return <ErrorNote message={messageOf(error)} />;
  if (!data || data.length === 0) return null;
  return (
    <details className="rounded-lg border bg-surface p-3">
      <summary className="font-medium text-sm">Bin ({whole(data.length)})</summary>
      <ul className="mt-2 divide-y">
        {data.map((deleted) => (
          <Deleted key={deleted.id} deleted={deleted} />
        ))}
      </ul>
    </details>
  );
}

function Deleted({ deleted }: { deleted: DeletedTrait }) {
  const { id, trait, deleted_at, positives, negatives } = deleted;
  const client = useQueryClient();
  const restore = async (to?: string) => {
    const name = await traitsApi.restoreDeleted(id, to);
    toast.success(`${name} is back.`);
    await Promise.all([
      client.invalidateQueries({ queryKey: ["traits"] }),
      client.invalidateQueries({ queryKey: ["trait-bin"] }),
    ]);
  };
  return (
    <li className="flex flex-wrap items-center justify-between gap-2 py-1.5 text-sm">
      <span className="min-w-0">
        <span className="break-all font-medium">{trait}</span>{" "}
        <span className="text-muted text-xs">
          {whole(positives)} + {whole(negatives)} lines, deleted {moment(deleted_at)}
        </span>
      </span>
      <span className="flex gap-1">
        <Button onClick={() => restore().catch((error) => toast.error(messageOf(error)))}>
          Restore<span className="sr-only"> {trait}</span>
        </Button>
        <NameDialog
          trigger={
            <Button look="quiet">
              Restore as…<span className="sr-only"> {trait}</span>
            </Button>
          }
          title={`Restore ${trait}`}
          description="Under another name, where its own is taken by now."
          name={trait}
          action="Restore"
          onName={restore}
        />
      </span>
    </li>
  );
}
