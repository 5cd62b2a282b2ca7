import { useEffect, useMemo, useRef, useState } from "react";
import { whole } from "#components/format.ts";
import type { VettingKind } from "#lib/pipeline/human-labels.ts";
import { scoreOfStep, verdictOfScore } from "#lib/pipeline/human-labels.ts";
import type { Vetted } from "#lib/pipeline/vetting.ts";
import { calibrationSet } from "./calibration-set.ts";
import type { Command } from "./keys.ts";
import { noVerdict } from "./pending-labels.ts";
import { inQueue, neighbour, type QueueFilter, type QueueItem, queueItems, wholeRange } from "./queue.ts";
import type { ReviewModel } from "./use-review-model.ts";
import type { ReviewState } from "./use-review-state.ts";

const calibrationSize = 24;
const SEED = 42;
const signs = { positive: "+", negative: "−" };
const nameOf = ({ line }: QueueItem) => `${signs[line.polarity]} line ${line.line}`;

/** What is being typed in place of an item's scenario. */
export interface Editing {
  id: string;
  key: string;
  initial: string;
}

/** The review's list, the item that is shown and what the keys and buttons do to them. */
export function useDesk(model: ReviewModel, kind: VettingKind, state: ReviewState) {
  const { items, vetting } = model;
  const { view, filter, set } = state;
  const calibrating = view === "calibration";
  const list = useRef<HTMLDivElement>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [hide, setHide] = useState({ queue: false, calibration: true });
  const [editing, setEditing] = useState<Editing | null>(null);
  const typed = useRef(new Map<string, string>());

  const sample = useMemo(
    () => (calibrating ? calibrationSet(items, calibrationSize, SEED) : []),
    [items, calibrating],
  );
  const { show, polarity, failure, min, max } = filter;
  const queued = useMemo(
    () => items.filter((item) => inQueue(item, { show, polarity, failure, min, max })),
    [items, show, polarity, failure, min, max],
  );
  const shown = calibrating ? sample : queued;
  const order = calibrating ? sample : items;
  const active = items.find(({ id }) => id === state.item) ?? shown[0] ?? null;
  const chosen = shown.filter(({ id }) => selected.has(id));
  const targets = chosen.length > 0 ? chosen : shown;

  const go = (id: string | null) => set({ item: id });
  const focusList = () => list.current?.focus({ preventScroll: true });

  // A button that is gone takes the focus with it: it comes back to the list.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at whenever what is shown changes
  useEffect(() => {
    if (document.activeElement === document.body) focusList();
  }, [active?.id, editing === null, view, shown.length]);

  /** Shows the next item where the acted-on one leaves the list. @param after its result then */
  const moveOn = (item: QueueItem, after: Vetted | null) => {
    const [then] = queueItems([{ ...item.line, [kind]: after }], kind);
    const stays = !calibrating && then && (!inQueue(item, filter) || inQueue(then, filter));
    if (stays) return go(item.id);
    const next = neighbour(shown, order, item.id, 1);
    go(next === item.id && !calibrating ? neighbour(shown, order, item.id, -1) : next);
  };

  const verdict = (item: QueueItem, verdictOf: "pass" | "fail" | null, score: number | null = null) => {
    if (!item.result) return;
    const words = { pass: "accept", fail: "reject" } as const;
    const title =
      verdictOf === null ? "clear the verdict on" : score === null ? words[verdictOf] : `score ${score} for`;
    model.label([item], () => ({ verdict: verdictOf, score }), `${title} ${nameOf(item)}`);
    moveOn(item, { ...item.result, human_verdict: verdictOf, human_score: score });
  };

  const labelMany = (verdictOf: "pass" | "fail" | null) => {
    const words = { pass: "accept", fail: "reject" } as const;
    const vetted = targets.filter(
      ({ result }) => result !== null && (verdictOf !== null || result.human_verdict),
    );
    const title = `${verdictOf === null ? "clear" : words[verdictOf]} ${whole(vetted.length)}`;
    model.label(vetted, () => (verdictOf === null ? noVerdict : { verdict: verdictOf, score: null }), title);
    setSelected(new Set());
    go(null);
    focusList();
  };

  const startEdit = (item: QueueItem, prompt?: string) => {
    const initial = prompt ?? typed.current.get(item.key) ?? model.promptAt(item);
    setEditing({ id: item.id, key: item.key, initial });
  };
  const stopEdit = () => {
    if (editing) typed.current.delete(editing.key);
    setEditing(null);
    focusList();
  };
  const saveEdit = (item: QueueItem, prompt: string, next: boolean, title = "edit of") => {
    model.edit([{ item, prompt }], `${title} ${nameOf(item)}`);
    if (editing) stopEdit();
    else focusList();
    const following = neighbour(shown, order, item.id, 1);
    if (next && following !== item.id) go(following);
    else moveOn(item, null);
  };
  const acceptMany = (changes: readonly { item: QueueItem; prompt: string }[]) => {
    model.edit(changes, `${whole(changes.length)} suggestions`);
    go(null);
    focusList();
  };

  const move = (step: 1 | -1, extend: boolean) => {
    const next = neighbour(shown, order, active?.id ?? null, step);
    if (extend && active && next) setSelected(new Set([...selected, active.id, next]));
    setEditing(null);
    go(next);
  };
  const select = (id: string, to: boolean) => {
    if (!to) {
      const next = new Set(selected);
      if (!next.delete(id)) next.add(id);
      setSelected(next);
    } else {
      const [from, end] = [active?.id, id].map((each) => shown.findIndex((item) => item.id === each));
      const range = shown.slice(Math.min(from ?? 0, end ?? 0), Math.max(from ?? 0, end ?? 0) + 1);
      setSelected(new Set([...selected, ...range.map((item) => item.id)]));
    }
    go(id);
  };

  const step = (way: "undo" | "redo") => {
    const action = model.history[way]();
    if (action) go(action.item);
    setEditing(null);
    focusList();
  };

  /** What a key asks for; help and suggestions are the page's. */
  const carryOut = (command: Command) => {
    switch (command.do) {
      case "move":
        return move(command.step, command.extend);
      case "end":
        return go((command.step === 1 ? shown.at(-1) : shown[0])?.id ?? null);
      case "next":
        void model.draft.flush();
        return move(1, false);
      case "undo":
      case "redo":
        return step(command.do);
      case "hide":
        return setHide({ ...hide, [view]: !hide[view] });
      case "select-all":
        return setSelected(new Set(shown.map(({ id }) => id)));
      case "deselect":
        return setSelected(new Set());
    }
    if (!active) return;
    if (command.do === "select") select(active.id, false);
    else if (command.do === "edit") startEdit(active);
    else if (command.do === "accept") verdict(active, "pass");
    else if (command.do === "reject") verdict(active, "fail");
    else if (command.do === "clear") verdict(active, null);
    else if (command.do === "score") {
      const score = scoreOfStep(command.step);
      verdict(active, verdictOfScore(score, active.line.polarity, vetting.thresholds), score);
    }
  };

  const setFilter = (change: Partial<QueueFilter>) => {
    setSelected(new Set());
    set({ ...change, item: null });
  };
  /** What the histogram counts: all but the score range. */
  const unranged = useMemo(
    () => items.filter((item) => inQueue(item, { show, polarity, failure, ...wholeRange })),
    [items, show, polarity, failure],
  );

  return {
    list,
    shown,
    unranged,
    active,
    targets,
    chosen,
    selected,
    calibrating,
    hidden: hide[view],
    editing: editing && editing.id === active?.id ? editing : null,
    focusList,
    go: (id: string) => {
      setEditing(null);
      go(id);
    },
    select,
    setFilter,
    labelMany,
    startEdit,
    stopEdit,
    saveEdit,
    acceptMany,
    onTyped: (prompt: string) => editing && typed.current.set(editing.key, prompt),
    carryOut,
  };
}

export type Desk = ReturnType<typeof useDesk>;
