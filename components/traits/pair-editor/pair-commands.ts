import {
  type ChangeSpec,
  EditorSelection,
  type EditorState,
  type Text,
  type TransactionSpec,
} from "@codemirror/state";
import type { Polarity } from "#lib/core/names.ts";

/** The two sides of a trait; line n of both is a pair. */
export type PairStates = Record<Polarity, EditorState>;

/** What a command does to each side: one step, undone as one. */
export type PairChange = Record<Polarity, TransactionSpec>;

/** Acts on the pairs under the selection of `side`; null where there is nothing to do. */
export type PairCommand = (states: PairStates, side: Polarity) => PairChange | null;

export function otherSide(side: Polarity): Polarity {
  return side === "positive" ? "negative" : "positive";
}

/** The texts of lines `from` to `to` (1-based, inclusive); blank past the document's end. */
export function linesOf(doc: Text, from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) =>
    from + at <= doc.lines ? doc.line(from + at).text : "",
  );
}

/**
 * Puts `lines` in the place of lines `from` to `to` (1-based, inclusive; `to = from - 1` inserts before `from`).
 * Lines missing before `from` become blank ones.
 */
export function replaceLines(doc: Text, from: number, to: number, lines: readonly string[]): ChangeSpec {
  if (from > doc.lines) {
    if (lines.length === 0) return [];
    return { from: doc.length, insert: "\n".repeat(from - doc.lines) + lines.join("\n") };
  }
  const last = Math.min(to, doc.lines);
  const start = doc.line(from).from;
  if (last < from) return { from: start, insert: lines.map((line) => `${line}\n`).join("") };
  if (lines.length > 0) return { from: start, to: doc.line(last).to, insert: lines.join("\n") };
  if (last < doc.lines) return { from: start, to: doc.line(last + 1).from };
  return { from: Math.max(start - 1, 0), to: doc.length };
}

/** The 1-based lines that the main selection touches. */
export function selectedLines({ doc, selection }: EditorState): { from: number; to: number } {
  return { from: doc.lineAt(selection.main.from).number, to: doc.lineAt(selection.main.to).number };
}

function change(state: EditorState, changes: ChangeSpec, line: number, column = 0): TransactionSpec {
  const set = state.changes(changes);
  const doc = set.apply(state.doc);
  const target = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const selection = EditorSelection.cursor(Math.min(target.from + column, target.to));
  return { changes: set, selection, scrollIntoView: true };
}

function both(of: (side: Polarity) => TransactionSpec): PairChange {
  return { positive: of("positive"), negative: of("negative") };
}

const addBelow: PairCommand = (states, side) => {
  const line = selectedLines(states[side]).to + 1;
  return both((each) => change(states[each], replaceLines(states[each].doc, line, line - 1, [""]), line));
};

const split: PairCommand = (states, side) => {
  const { doc, selection } = states[side];
  const { number, from, text } = doc.lineAt(selection.main.head);
  const column = selection.main.head - from;
  const parts = [text.slice(0, column).trimEnd(), text.slice(column).trimStart()];
  return both((each) =>
    each === side
      ? change(states[each], replaceLines(doc, number, number, parts), number + 1)
      : change(states[each], replaceLines(states[each].doc, number + 1, number, [""]), number + 1),
  );
};

const swap: PairCommand = (states, side) => {
  const { from, to } = selectedLines(states[side]);
  return both((each) => {
    const lines = linesOf(states[otherSide(each)].doc, from, to);
    return change(states[each], replaceLines(states[each].doc, from, to, lines), from);
  });
};

const remove: PairCommand = (states, side) => {
  const { from, to } = selectedLines(states[side]);
  return both((each) => change(states[each], replaceLines(states[each].doc, from, to, []), from));
};

function move(step: -1 | 1): PairCommand {
  return (states, side) => {
    const { from, to } = selectedLines(states[side]);
    const first = step < 0 ? from - 1 : from;
    const last = step < 0 ? to : to + 1;
    if (first < 1 || last > Math.max(states.positive.doc.lines, states.negative.doc.lines)) return null;
    const column =
      states[side].selection.main.head - states[side].doc.lineAt(states[side].selection.main.head).from;
    return both((each) => {
      const { doc } = states[each];
      const lines = linesOf(doc, first, last);
      const moved =
        step < 0 ? [...lines.slice(1), lines[0] ?? ""] : [lines.at(-1) ?? "", ...lines.slice(0, -1)];
      const changes = first > doc.lines ? [] : replaceLines(doc, first, last, moved);
      return change(states[each], changes, from + step, each === side ? column : 0);
    });
  };
}

/** Removes one line of one side only, so that the lines after it move up to their partners. */
export function removeLine(line: number, at: Polarity): PairCommand {
  return (states) =>
    both((each) => (each === at ? { changes: replaceLines(states[each].doc, line, line, []) } : {}));
}

/** Adds pairs below the last line of the longer side; blank lines at the end give way. */
export function appendPairs(lines: Record<Polarity, readonly string[]>): PairCommand {
  return (states) => {
    const ends = Object.values(states).map(({ doc }) => lastWritten(doc));
    const from = Math.max(...ends) + 1;
    return both((each) => {
      const { doc } = states[each];
      return change(states[each], replaceLines(doc, from, doc.lines, lines[each]), from);
    });
  };
}

/** The last line (1-based) that is not blank; 0 where all are. */
function lastWritten(doc: Text): number {
  let line = doc.lines;
  while (line > 0 && doc.line(line).text.trim() === "") line--;
  return line;
}

/** Every command on pairs with its key (CodeMirror's notation) and what it does; the help lists them in this order. */
export const pairCommands = {
  addBelow: { key: "Mod-Enter", does: "Add a pair below", run: addBelow },
  split: {
    key: "Alt-Enter",
    does: "Split the line at the cursor; the new line's partner is blank",
    run: split,
  },
  swap: { key: "Alt-s", does: "Swap the two sides of the pair", run: swap },
  remove: { key: "Mod-Shift-k", does: "Delete the pair", run: remove },
  moveUp: { key: "Alt-ArrowUp", does: "Move the pair up", run: move(-1) },
  moveDown: { key: "Alt-ArrowDown", does: "Move the pair down", run: move(1) },
} satisfies Record<string, { key: string; does: string; run: PairCommand }>;

export type PairCommandName = keyof typeof pairCommands;
