import { isolateHistory } from "@codemirror/commands";
import { EditorState, type Transaction } from "@codemirror/state";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Polarity } from "#lib/core/names.ts";
import { appendPairs, type PairCommand, pairCommands, removeLine } from "./pair-commands.ts";
import { PairHistory } from "./pair-history.ts";

/** Two states with one history: the editor without its screen. */
class Pair {
  readonly history = new PairHistory();
  readonly sides: Record<Polarity, { state: EditorState; dispatch(transaction: Transaction): void }>;

  constructor(positive: string[], negative: string[]) {
    const side = (name: Polarity, lines: string[]) => {
      const target = {
        state: EditorState.create({ doc: lines.join("\n"), extensions: this.history.extension(name) }),
        dispatch: (transaction: Transaction) => {
          target.state = transaction.state;
        },
      };
      return target;
    };
    this.sides = { positive: side("positive", positive), negative: side("negative", negative) };
  }

  get states() {
    return { positive: this.sides.positive.state, negative: this.sides.negative.state };
  }

  get texts() {
    return [this.states.positive.doc.toJSON(), this.states.negative.doc.toJSON()];
  }

  /** The active side's line and column of the cursor. */
  cursor(side: Polarity) {
    const { doc, selection } = this.states[side];
    const line = doc.lineAt(selection.main.head);
    return [line.number, selection.main.head - line.from];
  }

  put(side: Polarity, line: number, column = 0, toLine = line) {
    const { state } = this.sides[side];
    const selection = {
      anchor: state.doc.line(line).from + column,
      head: state.doc.line(toLine).from + column,
    };
    this.sides[side].state = state.update({ selection }).state;
    return this;
  }

  type(side: Polarity, insert: string) {
    const { state } = this.sides[side];
    this.sides[side].state = state.update({
      ...state.replaceSelection(insert),
      userEvent: "input.type",
    }).state;
    this.history.record(this.states, side);
    return this;
  }

  run(command: PairCommand, side: Polarity = "positive") {
    const change = command(this.states, side);
    if (!change) return false;
    for (const name of ["positive", "negative"] as const) {
      const { state } = this.sides[name];
      this.sides[name].state = state.update({
        ...change[name],
        annotations: isolateHistory.of("full"),
      }).state;
    }
    this.history.record(this.states, null);
    return true;
  }

  undo = () => this.history.go(-1, this.sides);
  redo = () => this.history.go(1, this.sides);
}

const { addBelow, split, swap, remove, moveUp, moveDown } = pairCommands;

describe("pair commands", () => {
  it("add a blank pair below on both sides", () => {
    const pair = new Pair(["a", "b"], ["x", "y"]);
    pair.put("positive", 1, 1).run(addBelow.run);
    expect(pair.texts).toEqual([
      ["a", "", "b"],
      ["x", "", "y"],
    ]);
    expect(pair.cursor("positive")).toEqual([2, 0]);
  });

  it("give a shorter side the lines it lacks", () => {
    const pair = new Pair(["a", "b", "c"], ["x"]);
    pair.put("positive", 3).run(addBelow.run);
    expect(pair.texts).toEqual([
      ["a", "b", "c", ""],
      ["x", "", "", ""],
    ]);
  });

  it.each([
    [[""], [""], ["p", "q"], ["m", "n"]],
    [
      ["a", "b"],
      ["x", "y"],
      ["a", "b", "p", "q"],
      ["x", "y", "m", "n"],
    ],
    [
      ["a", "", ""],
      ["x", "y", "z", ""],
      ["a", "", "", "p", "q"],
      ["x", "y", "z", "m", "n"],
    ],
  ])("add pairs at the end of %j and %j, in one step", (positive, negative, left, right) => {
    const pair = new Pair(positive, negative);
    pair.run(appendPairs({ positive: ["p", "q"], negative: ["m", "n"] }));
    expect(pair.texts).toEqual([left, right]);
    pair.undo();
    expect(pair.texts).toEqual([positive, negative]);
  });

  it("split a line, its partner staying with the first part", () => {
    const pair = new Pair(["one two", "b"], ["x", "y"]);
    pair.put("positive", 1, 4).run(split.run);
    expect(pair.texts).toEqual([
      ["one", "two", "b"],
      ["x", "", "y"],
    ]);
    expect(pair.cursor("positive")).toEqual([2, 0]);
  });

  it("swap the sides of every selected pair", () => {
    const pair = new Pair(["a", "b", "c"], ["x"]);
    pair.put("positive", 1, 0, 2).run(swap.run);
    expect(pair.texts).toEqual([
      ["x", "", "c"],
      ["a", "b"],
    ]);
  });

  it("delete pairs, the last one too", () => {
    const pair = new Pair(["a", "b", "c"], ["x", "y", "z"]);
    pair.put("negative", 2, 0, 3).run(remove.run, "negative");
    expect(pair.texts).toEqual([["a"], ["x"]]);
    pair.run(remove.run);
    expect(pair.texts).toEqual([[""], [""]]);
  });

  it("move pairs and stop at the ends", () => {
    const pair = new Pair(["a", "b", "c"], ["x", "y"]);
    pair.put("positive", 2, 1);
    expect(pair.run(moveDown.run)).toBe(true);
    expect(pair.texts).toEqual([
      ["a", "c", "b"],
      ["x", "", "y"],
    ]);
    expect(pair.cursor("positive")).toEqual([3, 1]);
    expect(pair.run(moveDown.run)).toBe(false);
    pair.run(moveUp.run);
    pair.run(moveUp.run);
    expect(pair.texts[0]).toEqual(["b", "a", "c"]);
    expect(pair.run(moveUp.run)).toBe(false);
  });

  it("remove one side's blank line", () => {
    const pair = new Pair(["a", "", "b"], ["x", "y"]);
    pair.run(removeLine(2, "positive"));
    expect(pair.texts).toEqual([
      ["a", "b"],
      ["x", "y"],
    ]);
  });

  it("undone, leave both sides as they were, whatever the documents", () => {
    const lines = fc.array(fc.constantFrom("", "a", "bb cc"), { minLength: 1, maxLength: 4 });
    const commands = fc.array(
      fc.record({
        command: fc.constantFrom(...Object.values(pairCommands)),
        side: fc.constantFrom<Polarity>("positive", "negative"),
        line: fc.nat(),
        type: fc.boolean(),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(lines, lines, commands, (positive, negative, steps) => {
        const pair = new Pair(positive, negative);
        const before = pair.texts;
        for (const { command, side, line, type } of steps) {
          pair.put(side, (line % pair.states[side].doc.lines) + 1);
          if (type) pair.type(side, "t");
          else pair.run(command.run, side);
        }
        const after = pair.texts;
        while (pair.undo().length > 0);
        expect(pair.texts).toEqual(before);
        while (pair.redo().length > 0);
        expect(pair.texts).toEqual(after);
      }),
    );
  });
});

describe("the history of both sides", () => {
  it("undoes in the order of the changes, and a pair command as one", () => {
    const pair = new Pair(["a"], ["x"]);
    pair.put("positive", 1, 1).type("positive", "1");
    pair.put("negative", 1, 1).type("negative", "2");
    pair.run(addBelow.run);
    pair.put("negative", 2).type("negative", "z");

    expect(pair.undo()).toEqual(["negative"]);
    expect(pair.texts[1]).toEqual(["x2", ""]);
    expect(pair.undo()).toEqual(["positive", "negative"]);
    expect(pair.texts).toEqual([["a1"], ["x2"]]);
    expect(pair.undo()).toEqual(["negative"]);
    expect(pair.undo()).toEqual(["positive"]);
    expect(pair.texts).toEqual([["a"], ["x"]]);
    expect(pair.undo()).toEqual([]);
    pair.redo();
    pair.redo();
    pair.redo();
    expect(pair.texts).toEqual([
      ["a1", ""],
      ["x2", ""],
    ]);
  });

  it("groups typing on one side, and starts anew after the other", () => {
    const pair = new Pair([""], [""]);
    pair.type("positive", "a").type("positive", "b");
    pair.type("negative", "x");
    pair.type("positive", "c");
    pair.undo();
    expect(pair.texts).toEqual([["ab"], ["x"]]);
    pair.undo();
    pair.undo();
    expect(pair.texts).toEqual([[""], [""]]);
  });

  it("forgets what was undone once something new is typed", () => {
    const pair = new Pair([""], [""]);
    pair.type("positive", "a").type("negative", "x");
    pair.undo();
    pair.type("positive", "b");
    expect(pair.redo()).toEqual([]);
    pair.undo();
    expect(pair.texts).toEqual([["a"], [""]]);
  });

  it("keeps more than a thousand steps", () => {
    const pair = new Pair([""], [""]);
    for (let at = 0; at < 600; at++) pair.type("positive", "a").type("negative", "b");
    for (let at = 0; at < 1200; at++) pair.undo();
    expect(pair.texts).toEqual([[""], [""]]);
  });
});
