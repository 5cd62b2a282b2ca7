import { isolateHistory } from "@codemirror/commands";
import { openSearchPanel } from "@codemirror/search";
import { EditorSelection, EditorState, Prec, type Text, type TransactionSpec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { type Polarity, polarities } from "#lib/core/names.ts";
import type { Finding } from "#lib/traits/lint/finding.ts";
import { Alignment } from "./alignment.ts";
import { showFindings } from "./findings.ts";
import {
  appendPairs,
  linesOf,
  otherSide,
  type PairCommand,
  type PairCommandName,
  pairCommands,
  removeLine,
} from "./pair-commands.ts";
import { PairHistory } from "./pair-history.ts";
import { PAIRING } from "./pairing.ts";
import { type LineScores, showScores } from "./scores.ts";
import { sideSetup } from "./setup.ts";

export interface PairEditorOptions {
  parents: Record<Polarity, HTMLElement>;
  texts: Record<Polarity, string>;
  /** A side's text changed; `line` is the one line that did, null where there were more. */
  onChange(side: Polarity, line: number | null): void;
  /** The key of "Generate a batch" was pressed. */
  onBatch?(): void;
}

/** Asks for new pairs. */
export const batchKey = "Mod-Shift-Enter";

/** Two CodeMirror views that act as one document of pairs. */
export class PairEditor {
  readonly views: Record<Polarity, EditorView>;
  readonly #history = new PairHistory();
  readonly #alignment = new Alignment();
  readonly #options: PairEditorOptions;
  #active: Polarity = "positive";
  /** Both sides are being changed in one step. */
  #joint = false;

  constructor(options: PairEditorOptions) {
    this.#options = options;
    const view = (side: Polarity) =>
      new EditorView({
        parent: options.parents[side],
        state: EditorState.create({ doc: options.texts[side], extensions: this.#extensions(side) }),
      });
    this.views = { positive: view("positive"), negative: view("negative") };
    this.#alignment.attach(this.views);
  }

  #extensions(side: Polarity) {
    const runs = (name: PairCommandName) => () => this.run(name);
    const step = (by: -1 | 1) => () => this.step(by);
    const cross = () => this.focus(otherSide(side));
    return [
      Prec.high([
        keymap.of([
          ...Object.entries(pairCommands).map(([name, { key }]) => ({
            key,
            run: runs(name as PairCommandName),
            preventDefault: true,
          })),
          { key: "Mod-z", run: step(-1), preventDefault: true },
          { key: "Mod-y", mac: "Mod-Shift-z", run: step(1), preventDefault: true },
          { linux: "Ctrl-Shift-z", run: step(1), preventDefault: true },
          {
            key: batchKey,
            run: () => {
              this.#options.onBatch?.();
              return true;
            },
            preventDefault: true,
          },
          { key: "F6", run: cross },
          { key: "Ctrl-Alt-ArrowRight", run: cross },
          { key: "Ctrl-Alt-ArrowLeft", run: cross },
        ]),
        EditorView.domEventHandlers({
          // The browser's own Undo (its menu, a shake of the phone).
          beforeinput: ({ inputType }) =>
            (inputType === "historyUndo" && this.step(-1)) || (inputType === "historyRedo" && this.step(1)),
          focus: () => {
            this.#active = side;
            return false;
          },
        }),
      ]),
      this.#history.extension(side),
      this.#alignment.extension(side),
      sideSetup(side),
      EditorView.updateListener.of(({ docChanged, changes, state }) => {
        if (!docChanged) return;
        if (!this.#joint) this.#history.record(this.states, side);
        this.#options.onChange(side, onlyLine(changes, state.doc));
      }),
    ];
  }

  get states(): Record<Polarity, EditorState> {
    return { positive: this.views.positive.state, negative: this.views.negative.state };
  }

  get docs(): Record<Polarity, Text> {
    return { positive: this.states.positive.doc, negative: this.states.negative.doc };
  }

  get texts(): Record<Polarity, string> {
    return { positive: this.docs.positive.toString(), negative: this.docs.negative.toString() };
  }

  /** The texts of a line on both sides; blank past a side's end. */
  pairAt(line: number): Record<Polarity, string> {
    const text = (side: Polarity) => linesOf(this.docs[side], line, line).join();
    return { positive: text("positive"), negative: text("negative") };
  }

  get active(): Polarity {
    return this.#active;
  }

  /** Runs a command on the pairs under the cursor. @returns true: the key is used up either way. */
  run(name: PairCommandName): boolean {
    this.apply(pairCommands[name].run);
    return true;
  }

  apply(command: PairCommand): void {
    const changed = command(this.states, this.#active);
    if (changed) this.#dispatch(changed);
  }

  /** Adds pairs at the end, as one step that can be undone. @param lines as many on each side */
  append(lines: Record<Polarity, readonly string[]>): void {
    this.apply(appendPairs(lines));
  }

  #dispatch(specs: Record<Polarity, TransactionSpec>): void {
    this.#alignment.lead(this.#active);
    this.#joint = true;
    for (const side of polarities) {
      const { scrollIntoView, ...spec } = specs[side];
      this.views[side].dispatch({
        ...spec,
        scrollIntoView: scrollIntoView === true && side === this.#active,
        annotations: isolateHistory.of("full"),
      });
    }
    this.#joint = false;
    this.#history.record(this.states, null);
  }

  /** Undoes (−1) or redoes (1) the last step of either side. */
  step(by: -1 | 1): boolean {
    this.#joint = true;
    const changed = this.#history.go(by, this.views);
    this.#joint = false;
    const [side] = changed;
    if (side && !changed.includes(this.#active)) this.focus(side, null);
    else if (side) this.#alignment.lead(this.#active);
    return true;
  }

  /** Puts other texts in place of the present ones, as one step that can be undone. */
  replaceTexts(texts: Record<Polarity, string>): void {
    const spec = (side: Polarity) => ({ changes: differenceOf(this.docs[side].toString(), texts[side]) });
    this.#dispatch({ positive: spec("positive"), negative: spec("negative") });
  }

  /** Puts the cursor on a side: at `line`, by default the one it is on at the other side; null leaves it where it is. */
  focus(side: Polarity, line?: number | null, column = 0): boolean {
    const { doc } = this.states[side];
    const here = this.states[this.#active];
    const target = line === undefined ? here.doc.lineAt(here.selection.main.head).number : line;
    this.#alignment.lead(side);
    this.#active = side;
    this.views[side].focus();
    if (target === null) return true;
    const { from, to } = doc.line(Math.min(Math.max(target, 1), doc.lines));
    const cursor = Math.min(from + column, to);
    this.views[side].dispatch({
      selection: EditorSelection.cursor(cursor),
      effects: EditorView.scrollIntoView(cursor, { y: line === undefined ? "nearest" : "center" }),
    });
    return true;
  }

  find(): void {
    openSearchPanel(this.views[this.#active]);
  }

  /** What mends a finding of one lint with a press; the findings' list and their marks offer it. */
  readonly fix: FindingFix = {
    lint: PAIRING,
    name: "Remove the blank line",
    apply: (side, line) => void this.apply(removeLine(line, side)),
  };

  /** Marks what was found on a side; with `line`, only that line's marks are replaced. */
  showFindings(side: Polarity, findings: readonly Finding[], line: number | null = null): void {
    const own = findings.filter(({ polarity }) => polarity === side);
    showFindings(this.views[side], own, { ...this.fix, apply: (at) => this.fix.apply(side, at) }, line);
  }

  showScores(side: Polarity, scores: LineScores): void {
    showScores(this.views[side], scores);
  }

  destroy(): void {
    this.#alignment.detach();
    for (const side of polarities) this.views[side].destroy();
  }
}

/** @see PairEditor.fix */
export interface FindingFix {
  lint: string;
  name: string;
  apply(side: Polarity, line: number): void;
}

/** The 1-based line that a change stayed within; null where lines came, went or several changed. */
function onlyLine(
  changes: { iterChangedRanges(f: (fromA: number, toA: number, fromB: number, toB: number) => void): void },
  doc: Text,
): number | null {
  const lines = new Set<number>();
  changes.iterChangedRanges((_fromA, _toA, fromB, toB) => {
    lines.add(doc.lineAt(fromB).number).add(doc.lineAt(toB).number);
  });
  const [line] = lines;
  return lines.size === 1 ? (line ?? null) : null;
}

/** One replacement that makes `from` into `to`: what they begin and end with in common stays, and cursors in it. */
function differenceOf(from: string, to: string): { from: number; to: number; insert: string } | [] {
  if (from === to) return [];
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start++;
  let end = 0;
  while (end < shorter - start && from.at(-1 - end) === to.at(-1 - end)) end++;
  return { from: start, to: from.length - end, insert: to.slice(start, to.length - end) };
}
