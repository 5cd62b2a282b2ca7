"use client";
import { toast } from "sonner";
import { moment, whole } from "#components/format.ts";
import { messageOf } from "#lib/client/request.ts";
import { Button } from "./button.tsx";
import { NameDialog } from "./name-dialog.tsx";

interface Deleted {
  id: string;
  name: string;
  /** ISO 8601. */
  deleted_at: string;
  /** What it holds, in a few words. */
  note?: string;
}

interface BinProps {
  deleted: readonly Deleted[];
  /** Under another name, where one is given. */
  onRestore(id: string, to?: string): Promise<void>;
  /** Of the field for another name. */
  hint: string;
}

/** What was deleted, to be taken back; nothing is shown while there is none. */
export function Bin({ deleted, onRestore, hint }: BinProps) {
  if (deleted.length === 0) return null;
  return (
    <details className="rounded-lg border bg-surface p-3">
      <summary className="font-medium text-sm">Bin ({whole(deleted.length)})</summary>
      <ul className="mt-2 divide-y">
        {deleted.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center justify-between gap-2 py-1.5 text-sm">
            <span className="min-w-0">
              <span className="break-all font-medium">{one.name}</span>{" "}
              <span className="text-muted text-xs">
                {one.note && `${one.note}, `}deleted {moment(one.deleted_at)}
              </span>
            </span>
            <span className="flex gap-1">
              <Button onClick={() => onRestore(one.id).catch((error) => toast.error(messageOf(error)))}>
                Restore<span className="sr-only"> {one.name}</span>
              </Button>
              <NameDialog
                trigger={
                  <Button look="quiet">
                    Restore as…<span className="sr-only"> {one.name}</span>
                  </Button>
                }
                title={`Restore ${one.name}`}
                description="Under another name, where its own is taken by now."
                hint={hint}
                name={one.name}
                action="Restore"
                onName={(to) => onRestore(one.id, to)}
              />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
