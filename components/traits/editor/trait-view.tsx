"use client";
import dynamic from "next/dynamic";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { messageOf } from "#lib/client/request.ts";
import { useTrait } from "#lib/client/trait-queries.ts";
import { type Polarity, parseTraitId } from "#lib/core/names.ts";
import type { Trait } from "#lib/traits/api.ts";
import type { TraitTexts } from "#lib/traits/document.ts";
import { LazyBatchDialog } from "../batch/lazy-batch-dialog.tsx";
import { ExportButton } from "../import/export-button.tsx";
import { ImportButton } from "../import/import-button.tsx";
import { FindingsList } from "../pair-editor/findings-list.tsx";
import { LazyPairPanes } from "../pair-editor/lazy-pair-panes.tsx";
import { useFindings } from "../pair-editor/use-findings.ts";
import { GutterSwitch } from "../vet/gutter-switch.tsx";
import { LazyVetRun, LazyVetTab } from "../vet/lazy-vet.tsx";
import { useGutterScores } from "../vet/use-gutter-scores.ts";
import { useVet } from "../vet/use-vet.ts";
import { VetStatus } from "../vet/vet-status.tsx";
import { RubricFields } from "./rubric-fields.tsx";
import { SaveStatus } from "./save-status.tsx";
import { afterSave, changesOf, formOf, lineOf } from "./trait-form.ts";
import { type Tab, TraitHeader, tabs } from "./trait-header.tsx";
import { useGoTo } from "./use-go-to.ts";
import { useTraitDraft } from "./use-trait-draft.ts";
import { useTraitForm } from "./use-trait-form.ts";

const ConflictDialog = dynamic(() => import("./conflict-dialog.tsx").then((all) => all.ConflictDialog), {
  ssr: false,
});
const HistoryTab = dynamic(() => import("./history-tab.tsx").then((all) => all.HistoryTab), {
  ssr: false,
  loading: () => <Skeleton lines={8} />,
});

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
  /** Null: not opened yet, and not fetched. */
  const [batch, setBatch] = useState<boolean | null>(null);
  const { form, editor, edit, read, show, onEditor } = useTraitForm(loaded.texts);
  const draft = useTraitDraft(loaded, { read, show: (texts: TraitTexts) => show(formOf(texts)) });
  const { trait: name } = parseTraitId(loaded.trait);
  const texts = () => afterSave(draft.saved.texts, changesOf(read(), draft.saved.texts));
  const { found, onChange } = useFindings(editor, { ...form, name });
  const vet = useVet({ saved: draft.saved, flush: draft.flush, shown: tab === "vet" });
  const scores = useGutterScores(editor, vet);
  const open = (next: Tab) => {
    void draft.flush();
    void setTab(next);
  };
  const { go, onShown } = useGoTo(editor, () => open("write"));
  useEffect(() => {
    if (tab === "write") onShown();
  }, [tab, onShown]);

  return (
    <div className="space-y-4">
      <TraitHeader trait={loaded.trait} tab={tab} onTab={open} experiment={vet.experiment}>
        <SaveStatus state={draft.state} onRetry={() => void draft.flush()} />
        <div className="flex gap-1">
          <ImportButton
            target={{
              kind: "trait",
              version: draft.saved.version,
              read: texts,
              apply: (imported, note) => draft.put(imported, { kind: "import", note }),
            }}
          />
          <ExportButton name={name} read={texts} />
        </div>
        <VetStatus figures={vet.figures} onOpen={() => open("vet")} />
      </TraitHeader>
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
      {vet.run.runId !== null && (
        <LazyVetRun
          key={vet.run.runId}
          trait={loaded.trait}
          runId={vet.run.runId}
          onEvent={vet.run.onEvent}
          onState={(state) => void vet.run.onState(state)}
          onHide={() => vet.run.follow(null)}
          onWrite={() => open("write")}
          onJudge={() => {
            open("vet");
            vet.setJudgeOpen(true);
          }}
        />
      )}
      {/* Kept while another tab is shown: its undo reaches back to the beginning. */}
      <div
        hidden={tab !== "write"}
        className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem] [&[hidden]]:hidden"
      >
        <div className="min-w-0 space-y-4">
          <GutterSwitch gutter={vet.gutter} />
          <LazyPairPanes
            // Undo cannot go back to lines of another kind.
            key={`${form.layout.positive} ${form.layout.negative}`}
            initial={form.sides}
            scores={scores}
            onEditor={onEditor}
            onChange={(_side, line) => {
              draft.touch();
              onChange(line);
            }}
            onBatch={() => setBatch(true)}
          />
          <Card title="Findings" hint="What may spoil the vector, and what to do. Nothing here blocks you.">
            <FindingsList
              found={found}
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
          texts={texts}
          onAdd={(pairs) => {
            const lines = (side: Polarity) => pairs.map((pair) => lineOf(pair[side], form.layout[side]));
            editor?.append({ positive: lines("positive"), negative: lines("negative") });
          }}
          onReturn={() => editor?.focus(editor.active, null)}
        />
      )}
      {tab === "vet" && (
        <LazyVetTab
          vet={vet}
          definition={draft.saved.texts["definition.txt"] ?? null}
          onGo={go}
          onWrite={() => open("write")}
          onBatch={() => setBatch(true)}
        />
      )}
      {tab === "history" && <HistoryTab trait={loaded.trait} draft={draft} />}
    </div>
  );
}
