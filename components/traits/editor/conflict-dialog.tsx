"use client";
import { AlertDialog } from "radix-ui";
import { useState } from "react";
import { moment } from "#components/format.ts";
import { Button } from "#components/ui/button.tsx";
import type { Trait, TraitConflict } from "#lib/traits/api.ts";
import { type Choice, choiceKey, mergeForms, settle } from "./merge-form.ts";
import { MergeView } from "./merge-view.tsx";
import { formOf, type TraitForm } from "./trait-form.ts";

interface ConflictDialogProps {
  trait: string;
  conflict: TraitConflict;
  mine: TraitForm;
  onMine(disk: Trait): void;
  onTheirs(disk: Trait): void;
  onMerged(merged: TraitForm, disk: Trait): void;
}

/** The files changed behind what is typed: nothing is written until the person has chosen. */
export function ConflictDialog({ trait, conflict, mine, onMine, onTheirs, onMerged }: ConflictDialogProps) {
  const { disk, base } = conflict;
  const [parts] = useState(() => mergeForms(base && formOf(base), mine, formOf(disk.texts)));
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map());
  const merged = parts && settle(parts, choices, mine);
  const open = (parts ?? []).flatMap(({ part, regions }) =>
    regions.filter(({ kind }, at) => kind === "conflict" && !choices.has(choiceKey(part, at))),
  ).length;
  return (
    <AlertDialog.Root open>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 bg-black/50" />
        <AlertDialog.Content className="fixed inset-x-2 top-[4vh] z-50 mx-auto flex max-h-[92vh] max-w-5xl flex-col rounded-lg border bg-surface shadow-xl">
          <header className="border-b p-4">
            <AlertDialog.Title className="font-semibold text-lg">
              The files of {trait} were changed by another program
            </AlertDialog.Title>
            <AlertDialog.Description className="text-muted text-sm">
              On disk since {moment(disk.edited_at)}. Whatever you choose, the state you leave behind stays in
              the history.
            </AlertDialog.Description>
          </header>
          <div className="min-h-0 overflow-y-auto p-4">
            {parts ? (
              <MergeView
                parts={parts}
                choices={choices}
                onChoose={(key, choice) => setChoices(new Map(choices).set(key, choice))}
              />
            ) : (
              <p className="text-sm">
                The two cannot be merged: their files are of different kinds. Keep one.
              </p>
            )}
          </div>
          <footer className="flex flex-wrap items-center justify-end gap-2 border-t p-4">
            {parts && (
              <p role="status" className="mr-auto text-muted text-sm">
                {open === 0 ? "Nothing is left to settle." : `${open} to settle before merging`}
              </p>
            )}
            <Button onClick={() => onMine(disk)}>Keep mine</Button>
            <Button onClick={() => onTheirs(disk)}>Take what is on disk</Button>
            {parts && (
              <Button
                look="primary"
                disabled={!merged}
                onClick={() => {
                  if (merged) onMerged(merged, disk);
                }}
              >
                Merge
              </Button>
            )}
          </footer>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
