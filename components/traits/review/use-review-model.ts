import { useMemo, useRef, useState } from "react";
import { toast } from "sonner";
import { whole } from "#components/format.ts";
import { type Polarity, polarities } from "#lib/core/names.ts";
import type { HumanVerdict, VettingKind } from "#lib/pipeline/human-labels.ts";
import type { TraitVetting } from "#lib/pipeline/vetting-api.ts";
import { vettedLines } from "#lib/pipeline/vetting-view.ts";
import type { Trait } from "#lib/traits/api.ts";
import { editLines, promptOf, withPrompt } from "#lib/traits/line-edit.ts";
import { afterSave, changesOf, formOf, type TraitForm } from "../editor/trait-form.ts";
import { useTraitDraft } from "../editor/use-trait-draft.ts";
import type { Action, LabelChange } from "./history.ts";
import { humanVerdictOf } from "./pending-labels.ts";
import { type QueueItem, queueItems } from "./queue.ts";
import { useReviewHistory } from "./use-review-history.ts";
import { useVerdicts } from "./use-verdicts.ts";

/** A trait under review: its lines with what is known of them, and the edits and verdicts made on them. */
export function useReviewModel(loaded: Trait, loadedVetting: TraitVetting, kind: VettingKind) {
  const [form, setForm] = useState(() => formOf(loaded.texts));
  const typed = useRef(form);
  const show = (next: TraitForm) => {
    typed.current = next;
    setForm(next);
  };
  const draft = useTraitDraft(loaded, {
    read: () => typed.current,
    show: (texts) => show(formOf(texts)),
  });
  const verdicts = useVerdicts(loadedVetting);
  const saved = draft.saved.texts;
  const texts = useMemo(() => afterSave(saved, changesOf(form, saved)), [form, saved]);
  const { vetting } = verdicts;
  const lines = useMemo(() => vettedLines(texts, vetting), [texts, vetting]);
  const items = useMemo(() => queueItems(lines, kind), [lines, kind]);

  const apply = ({ edits, labels }: Action) => {
    if (edits.length > 0) {
      const missed = polarities.flatMap((polarity) => {
        const own = edits.filter((edit) => edit.polarity === polarity);
        if (own.length === 0) return [];
        const edited = editLines(typed.current.sides[polarity], own);
        show({ ...typed.current, sides: { ...typed.current.sides, [polarity]: edited.text } });
        return edited.missed;
      });
      if (missed.length > 0) {
        toast.error(
          `${whole(missed.length)} of ${whole(edits.length)} lines hold something else by now: they were left as they are.`,
        );
      }
      draft.touch();
      void draft.flush();
    }
    if (labels.length > 0)
      verdicts.say(labels.map(({ before: _, after, ...label }) => ({ ...label, ...after })));
  };
  const history = useReviewHistory(apply);

  const writtenOf = (polarity: Polarity) => typed.current.sides[polarity].split("\n");

  /** Gives lines another prompt; lines that have it already stay. */
  const edit = (changes: readonly { item: QueueItem; prompt: string }[], title: string) => {
    const written = { positive: writtenOf("positive"), negative: writtenOf("negative") };
    const edits = changes.flatMap(({ item: { line }, prompt }) => {
      const { polarity } = line;
      const before = written[polarity][line.line - 1];
      if (before === undefined) return [];
      const layout = typed.current.layout[polarity];
      if (promptOf(before, layout) === prompt) return [];
      const after = withPrompt(before, layout, prompt);
      return [{ polarity, line: line.line, before, after }];
    });
    history.run({
      title,
      item: changes.length === 1 ? (changes[0]?.item.id ?? null) : null,
      edits,
      labels: [],
    });
  };

  /** Says something of vetted texts; `say` sees each item. */
  const label = (targets: readonly QueueItem[], say: (item: QueueItem) => HumanVerdict, title: string) => {
    const changes = new Map<string, LabelChange>();
    for (const item of targets) {
      if (!item.result) continue;
      const text = kind === "scenario" ? item.line.text : (item.result.response ?? "");
      const { polarity } = item.line;
      const before = humanVerdictOf(item.result);
      const after = say(item);
      if (before.verdict === after.verdict && before.score === after.score) continue;
      changes.set(`${polarity} ${text}`, { kind, polarity, text, before, after });
    }
    const item = targets.length === 1 ? (targets[0]?.id ?? null) : null;
    history.run({ title, item, edits: [], labels: [...changes.values()] });
  };

  const promptAt = ({ line }: QueueItem) =>
    promptOf(writtenOf(line.polarity)[line.line - 1] ?? "", typed.current.layout[line.polarity]);

  return { form, texts, vetting, items, draft, verdicts, history, edit, label, promptAt, show };
}

export type ReviewModel = ReturnType<typeof useReviewModel>;
