import type { Polarity } from "#lib/core/names.ts";
import type { HumanVerdict, VettingKind } from "#lib/pipeline/human-labels.ts";
import type { LineEdit } from "#lib/traits/line-edit.ts";

/** What a person says of one text, and said before; both null: nothing. */
export interface LabelChange {
  kind: VettingKind;
  polarity: Polarity;
  text: string;
  before: HumanVerdict;
  after: HumanVerdict;
}

/** One step of a review that is undone as a whole. */
export interface Action {
  /** As a button says it: "accept 12". */
  title: string;
  /** The item that was shown. */
  item: string | null;
  edits: LineEdit[];
  labels: LabelChange[];
}

export interface History {
  done: readonly Action[];
  undone: readonly Action[];
}

export const emptyHistory: History = { done: [], undone: [] };

/** A new action; what was undone before it can no longer be done again. */
export function record({ done }: History, action: Action): History {
  return { done: [...done, action], undone: [] };
}

/** @returns the history after, and what to carry out; null where there is nothing to undo */
export function undo({ done, undone }: History): { history: History; action: Action } | null {
  const last = done.at(-1);
  if (!last) return null;
  return { history: { done: done.slice(0, -1), undone: [...undone, last] }, action: inverse(last) };
}

export function redo({ done, undone }: History): { history: History; action: Action } | null {
  const last = undone.at(-1);
  if (!last) return null;
  return { history: { done: [...done, last], undone: undone.slice(0, -1) }, action: last };
}

/** What takes an action back. */
export function inverse(action: Action): Action {
  const swap = <Change extends { before: unknown; after: unknown }>(changes: readonly Change[]): Change[] =>
    changes.map((change) => ({ ...change, before: change.after, after: change.before })).reverse();
  return { ...action, edits: swap(action.edits), labels: swap(action.labels) };
}
