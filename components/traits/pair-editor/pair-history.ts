import { history, isolateHistory, redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
import { type EditorState, type Extension, EditorState as State, type Transaction } from "@codemirror/state";
import type { Polarity } from "#lib/core/names.ts";

/** What an editor view is to its history. */
export interface HistoryTarget {
  readonly state: EditorState;
  dispatch(transaction: Transaction): void;
}

type Depths = Record<Polarity, number>;

/**
 * One history over both sides, on top of CodeMirror's own two: what was changed last is undone first, whichever side it
 * is on, and a step that changed both sides is undone as one.
 */
export class PairHistory {
  #steps: Depths[] = [{ positive: 0, negative: 0 }];
  #at = 0;
  #last: Polarity | null = null;

  /** The history of one side. Typing there after a change elsewhere starts a new step. */
  extension(side: Polarity): Extension {
    return [
      // CodeMirror drops the oldest steps beyond a depth of 100 by default.
      history({ minDepth: 1_000_000 }),
      State.transactionExtender.of((transaction) =>
        transaction.docChanged && this.#last !== side ? { annotations: isolateHistory.of("before") } : null,
      ),
    ];
  }

  /** To be told after each change of a document; `side` is null where both were changed in one step. */
  record(states: Record<Polarity, EditorState>, side: Polarity | null): void {
    this.#last = side;
    const depths = { positive: undoDepth(states.positive), negative: undoDepth(states.negative) };
    const current = this.#steps[this.#at];
    if (current?.positive === depths.positive && current.negative === depths.negative) return;
    this.#steps.length = ++this.#at;
    this.#steps.push(depths);
  }

  /** Goes one step back (−1) or forth (1). @returns the sides that changed. */
  go(step: -1 | 1, targets: Record<Polarity, HistoryTarget>): Polarity[] {
    const to = this.#steps[this.#at + step];
    if (!to) return [];
    this.#at += step;
    this.#last = null;
    return (["positive", "negative"] as const).filter((side) => {
      const target = targets[side];
      const before = target.state;
      while (undoDepth(target.state) > to[side] && undo(target));
      while (undoDepth(target.state) < to[side] && redoDepth(target.state) > 0 && redo(target));
      return target.state !== before;
    });
  }
}
