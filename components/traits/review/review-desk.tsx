"use client";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { Button } from "#components/ui/button.tsx";
import { Empty } from "#components/ui/empty.tsx";
import { writerSettingsSchema } from "#lib/authoring/api.ts";
import { suggestFixes } from "#lib/client/authoring-api.ts";
import { rememberWriter, useWriter } from "#lib/client/writer.ts";
import type { TraitVetting } from "#lib/pipeline/vetting-api.ts";
import { outdated } from "#lib/pipeline/vetting-view.ts";
import type { Trait } from "#lib/traits/api.ts";
import { ConflictDialog } from "../editor/conflict-dialog.tsx";
import { CalibrationPanel } from "./calibration-panel.tsx";
import { ItemActions } from "./item-actions.tsx";
import { ItemPane } from "./item-pane.tsx";
import { type Command, commandOf } from "./keys.ts";
import { KeysDialog } from "./keys-dialog.tsx";
import { LineEditor } from "./line-editor.tsx";
import { countItems, passedIndices } from "./queue.ts";
import { QueueColumn } from "./queue-column.tsx";
import { useRevet } from "./revet.tsx";
import { ReviewControls } from "./review-controls.tsx";
import { ReviewHeader } from "./review-header.tsx";
import { RubricPanel } from "./rubric-panel.tsx";
import { SuggestionCard } from "./suggestion-card.tsx";
import { useDesk } from "./use-desk.ts";
import { useLineLint } from "./use-line-lint.ts";
import { useReviewModel } from "./use-review-model.ts";
import { useReviewState } from "./use-review-state.ts";
import { useSuggestions } from "./use-suggestions.ts";
import { VettingStatus } from "./vetting-status.tsx";
import { WriterPanel } from "./writer-panel.tsx";

interface ReviewDeskProps {
  loaded: Trait;
  vetting: TraitVetting;
  experiments: readonly string[];
  onExperiment(name: string): void;
}

/** Queue, item and rubric side by side; everything can be done from the keyboard. */
export function ReviewDesk({ loaded, vetting: loadedVetting, experiments, onExperiment }: ReviewDeskProps) {
  const { trait } = loaded;
  const state = useReviewState();
  const kind = state.kind ?? (loadedVetting.responses ? "response" : "scenario");
  const model = useReviewModel(loaded, loadedVetting, kind);
  const { items, vetting, form, texts } = model;
  const desk = useDesk(model, kind, state);
  const { active } = desk;
  const [help, setHelp] = useState(false);
  const [writer, setWriter] = useWriter();
  const [writerOpen, setWriterOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const card = useRef<HTMLElement>(null);
  const lint = useLineLint(trait, form);
  const revet = useRevet(vetting.experiment, trait);
  const suggestions = useSuggestions(async (fixes, signal) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const passed = passedIndices(items);
    const answer = await suggestFixes(trait, { writer, texts, items: fixes, passed, seed }, { signal });
    rememberWriter(writer);
    return answer.fixes;
  });

  const file = kind === "scenario" ? vetting.scenarios : vetting.responses;
  const counts = countItems(items);
  const suggestion = active ? suggestions.suggestions.get(active.key) : undefined;
  const ask = (asked: typeof items) => {
    if (!writerSettingsSchema.safeParse(writer).success) {
      setWriterOpen(true);
      toast.error("Name a language model that suggests: under Writer.");
      return;
    }
    void suggestions.ask(asked);
  };
  const awaited = useRef<string | null>(null);
  // The answer takes the focus where the question was asked, unless the person has gone on.
  useEffect(() => {
    if (suggestion?.state !== "ready" || awaited.current !== active?.key) return;
    awaited.current = null;
    if (document.activeElement === desk.list.current) card.current?.focus();
  }, [suggestion?.state, active?.key, desk.list]);

  const command = (asked: Command) => {
    if (asked.do === "help") setHelp(true);
    else if (asked.do !== "suggest") desk.carryOut(asked);
    else if (suggestion && suggestion.state !== "failed") card.current?.focus();
    else if (active) {
      awaited.current = active.key;
      ask([active]);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    // What a dialog holds is no child of this in the page.
    if (event.defaultPrevented || !root.current?.contains(target) || isField(target)) return;
    const found = commandOf(event, target === desk.list.current);
    if (!found) return;
    event.preventDefault();
    command(found);
  };
  const start = () =>
    void Promise.all([model.draft.flush(), model.verdicts.flush()]).then(
      ([texts, labels]) => texts && labels && revet.start(kind, (run) => state.set({ run })),
    );
  const notes = file ? outdated(file, { definition: form.definition, thresholds: vetting.thresholds }) : [];

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys for the list, the item and the buttons within
    <div ref={root} onKeyDown={onKeyDown} className="space-y-4">
      <ReviewHeader
        trait={trait}
        model={model}
        onUndo={() => desk.carryOut({ do: "undo" })}
        onRedo={() => desk.carryOut({ do: "redo" })}
      >
        <KeysDialog open={help} onOpenChange={setHelp} onReturn={desk.focusList} />
      </ReviewHeader>
      {model.draft.state.kind === "conflict" && (
        <ConflictDialog
          trait={trait}
          conflict={model.draft.state.conflict}
          mine={form}
          onMine={model.draft.overwrite}
          onTheirs={model.draft.take}
          onMerged={(merged, disk) => {
            model.show(merged);
            model.draft.overwrite(disk);
          }}
        />
      )}
      <ReviewControls
        experiment={vetting.experiment}
        experiments={experiments}
        kind={kind}
        view={state.view}
        onExperiment={onExperiment}
        onKind={(next) => state.set({ kind: next, item: null })}
        onView={(view) => state.set({ view, item: null })}
      />
      <VettingStatus
        trait={trait}
        kind={kind}
        vetted={file !== null}
        counts={counts}
        rounds={vetting.rounds}
        notes={notes}
        run={state.run}
        starting={revet.isPending}
        onStart={start}
        onClose={() => {
          state.set({ run: null });
          desk.focusList();
        }}
      />
      {file ? (
        <div className="grid items-start gap-4 lg:grid-cols-[20rem_minmax(0,1fr)] xl:grid-cols-[21rem_minmax(0,1fr)_20rem]">
          <QueueColumn
            desk={desk}
            filter={state.filter}
            thresholds={file.thresholds}
            suggestions={suggestions}
            onAsk={ask}
          />
          {active ? (
            <ItemPane
              item={active}
              kind={kind}
              thresholds={file.thresholds}
              hidden={desk.hidden}
              editor={
                desk.editing && (
                  <LineEditor
                    key={`${desk.editing.key} ${desk.editing.initial}`}
                    label="Scenario"
                    initial={desk.editing.initial}
                    layout={form.layout[active.line.polarity]}
                    onTyped={desk.onTyped}
                    onSave={(prompt, next) => desk.saveEdit(active, prompt, next)}
                    onCancel={desk.stopEdit}
                  />
                )
              }
              suggestion={
                suggestion && (
                  <SuggestionCard
                    key={active.key}
                    before={model.promptAt(active)}
                    suggestion={suggestion}
                    card={card}
                    lint={(line) => lint(active, line)}
                    onAccept={() =>
                      suggestion.state === "ready" &&
                      desk.saveEdit(active, suggestion.line, false, "suggestion for")
                    }
                    onEdit={() => suggestion.state === "ready" && desk.startEdit(active, suggestion.line)}
                    onReject={() => {
                      suggestions.forget([active.key]);
                      desk.focusList();
                    }}
                    onAgain={() => ask([active])}
                    onBack={desk.focusList}
                  />
                )
              }
              actions={
                <ItemActions
                  vetted={active.result !== null}
                  labelled={Boolean(active.result?.human_verdict)}
                  hidden={desk.hidden}
                  onCommand={command}
                />
              }
            />
          ) : (
            <Empty title={state.filter.show === "failed" ? "Nothing here fails" : "Nothing to show"}>
              No line is left with these filters.
            </Empty>
          )}
          <RubricPanel definition={form.definition}>
            {desk.calibrating && (
              <CalibrationPanel
                key={`${vetting.thresholds.pos_threshold} ${vetting.thresholds.neg_threshold}`}
                vetting={vetting}
                file={file}
                kind={kind}
              />
            )}
            <WriterPanel writer={writer} onWriter={setWriter} open={writerOpen} onOpen={setWriterOpen} />
          </RubricPanel>
        </div>
      ) : (
        <Empty
          title={`The ${kind}s are not vetted in ${vetting.experiment}`}
          action={
            state.run === null && (
              <Button look="primary" disabled={revet.isPending} onClick={start}>
                Vet the {kind}s
              </Button>
            )
          }
        >
          A judge scores every line against the definition; the lines that do not pass come here.
        </Empty>
      )}
    </div>
  );
}

function isField(target: HTMLElement): boolean {
  return (
    target.closest(
      "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]",
    ) !== null
  );
}
