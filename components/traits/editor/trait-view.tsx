"use client";
import Link from "next/link";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { messageOf } from "#lib/client/request.ts";
import { useTrait } from "#lib/client/trait-queries.ts";
import { type Polarity, parseTraitId } from "#lib/core/names.ts";
import type { Trait } from "#lib/traits/api.ts";
import type { TraitTexts } from "#lib/traits/document.ts";
import { LazyBatchDialog } from "../batch/lazy-batch-dialog.tsx";
import { FindingsList } from "../pair-editor/findings-list.tsx";
import { LazyPairPanes } from "../pair-editor/lazy-pair-panes.tsx";
import type { PairEditor } from "../pair-editor/pair-editor.ts";
import { useFindings } from "../pair-editor/use-findings.ts";
import { ConflictDialog } from "./conflict-dialog.tsx";
import { HistoryTab } from "./history-tab.tsx";
import { RubricFields } from "./rubric-fields.tsx";
import { SaveStatus } from "./save-status.tsx";
import { afterSave, changesOf, formOf, lineOf, type TraitForm } from "./trait-form.ts";
import { useTraitDraft } from "./use-trait-draft.ts";

const tabs = ["write", "history"] as const;
const titles = { write: "Write", history: "History" };

/** One trait: its pairs, rubric and questions, and what they were before. */
export function TraitView({ trait }: { trait: string }) {
  const { data, error, isPending, refetch } = useTrait(trait);
  if (isPending) return <Skeleton lines={12} />;
  if (error && !data) {
    return (
      <ErrorNote message={messageOf(error)} action={<Button onClick={() => refetch()}>Try again</Button>} />
    );
  }
  return <TraitEditor key={data.trait} loaded={data} />;
}

function TraitEditor({ loaded }: { loaded: Trait }) {
  const [tab, setTab] = useQueryState("tab", parseAsStringLiteral(tabs).withDefault("write"));
  const [form, setForm] = useState(() => formOf(loaded.texts));
  const [editor, setEditor] = useState<PairEditor | null>(null);
  /** Null: not opened yet, and not fetched. */
  const [batch, setBatch] = useState<boolean | null>(null);
  // What is typed, always: React's state comes too late for a save on leaving.
  const typed = useRef({ form, editor });
  const edit = (change: Partial<TraitForm>) => {
    typed.current.form = { ...typed.current.form, ...change };
    setForm(typed.current.form);
  };
  const read = (): TraitForm => {
    const { form: fields, editor: pairs } = typed.current;
    return pairs ? { ...fields, sides: pairs.texts } : fields;
  };
  const show = (next: TraitForm) => {
    typed.current.editor?.replaceTexts(next.sides);
    edit(next);
  };
  const draft = useTraitDraft(loaded, { read, show: (texts: TraitTexts) => show(formOf(texts)) });
  const { trait: name } = parseTraitId(loaded.trait);
  const { findings, onChange } = useFindings(editor, { ...form, name });

  return (
    <div className="space-y-4">
      <header className="flex flex-wrap items-end justify-between gap-3">
        <h1 className="font-semibold text-2xl">
          <Link href="/traits" className="text-accent underline underline-offset-4">
            Traits
          </Link>{" "}
          · <span className="break-all">{loaded.trait}</span>
        </h1>
        <div className="flex flex-wrap items-center gap-3">
          <SaveStatus state={draft.state} onRetry={() => void draft.flush()} />
          <div className="flex gap-1 text-sm">
            {tabs.map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={each === tab}
                onClick={() => {
                  void draft.flush();
                  void setTab(each);
                }}
                className="rounded-md border px-3 py-1 hover:bg-raised aria-pressed:border-accent aria-pressed:text-accent"
              >
                {titles[each]}
              </button>
            ))}
            <Link
              href={`/traits/${loaded.trait}/review`}
              className="rounded-md border px-3 py-1 hover:bg-raised"
            >
              Review
            </Link>
          </div>
        </div>
      </header>
      {draft.state.kind === "conflict" && (
        <ConflictDialog
          trait={loaded.trait}
          conflict={draft.state.conflict}
          mine={read()}
          onMine={draft.overwrite}
          onTheirs={draft.take}
          onMerged={(merged, disk) => {
            show(merged);
            draft.overwrite(disk);
          }}
        />
      )}
      {/* Kept while another tab is shown: its undo reaches back to the beginning. */}
      <div
        hidden={tab !== "write"}
        className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem] [&[hidden]]:hidden"
      >
        <div className="min-w-0 space-y-4">
          <LazyPairPanes
            initial={form.sides}
            onEditor={(made) => {
              if (!made) typed.current.form = read();
              typed.current.editor = made;
              setEditor(made);
            }}
            onChange={(_side, line) => {
              draft.touch();
              onChange(line);
            }}
            onBatch={() => setBatch(true)}
          />
          <Card title="Findings" hint="What may spoil the vector, and what to do. Nothing here blocks you.">
            <FindingsList
              findings={findings}
              onGo={(side, line, column) => editor?.focus(side, line, column)}
              fix={editor?.fix}
            />
          </Card>
        </div>
        <RubricFields
          form={form}
          problems={draft.saved.problems}
          onEdit={(change) => {
            edit(change);
            draft.touch();
          }}
        />
      </div>
      {batch !== null && (
        <LazyBatchDialog
          trait={loaded.trait}
          open={batch}
          onOpenChange={setBatch}
          texts={() => afterSave(draft.saved.texts, changesOf(read(), draft.saved.texts))}
          onAdd={(pairs) => {
            const lines = (side: Polarity) => pairs.map((pair) => lineOf(pair[side], form.layout[side]));
            editor?.append({ positive: lines("positive"), negative: lines("negative") });
          }}
          onReturn={() => editor?.focus(editor.active, null)}
        />
      )}
      {tab === "history" && <HistoryTab trait={loaded.trait} draft={draft} />}
    </div>
  );
}
