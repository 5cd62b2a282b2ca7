import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editLines, type LineEdit, promptProblem, withPrompt } from "#lib/traits/line-edit.ts";
import { type Action, emptyHistory, inverse, record, redo, undo } from "./history.ts";

const action = (title: string, edits: LineEdit[] = []): Action => ({ title, item: null, edits, labels: [] });
const edit = (line: number, before: string, after: string): LineEdit => ({
  polarity: "positive",
  line,
  before,
  after,
});

describe("undo and redo", () => {
  it("go back and forth in order; a new action ends what could be redone", () => {
    let history = [action("one"), action("two"), action("three")].reduce(record, emptyHistory);
    const titles: string[] = [];
    for (let step = undo(history); step; step = undo(history)) {
      titles.push(step.action.title);
      history = step.history;
    }
    expect(titles).toEqual(["three", "two", "one"]);
    const again = redo(history);
    expect(again?.action.title).toBe("one");
    const next = record(again?.history ?? emptyHistory, action("four"));
    expect(redo(next)).toBeNull();
    expect(next.done.map(({ title }) => title)).toEqual(["one", "four"]);
  });

  it("take back edits and verdicts, the last first", () => {
    const before = { verdict: null, score: null };
    const after = { verdict: "pass", score: 75 } as const;
    const label = { kind: "scenario", polarity: "negative", text: "t", before, after } as const;
    const back = inverse({
      title: "both",
      item: "negative-1",
      edits: [edit(1, "a", "b"), edit(1, "b", "c")],
      labels: [label],
    });
    expect(back.edits).toEqual([edit(1, "c", "b"), edit(1, "b", "a")]);
    expect(back.labels).toEqual([{ ...label, before: after, after: before }]);
    expect(inverse(back)).toMatchObject({ edits: [edit(1, "a", "b"), edit(1, "b", "c")], labels: [label] });
  });

  it("any series of edits undone leaves the text as it was, to the letter, and redone as it became", () => {
    const lineText = fc.string().map((text) => text.replaceAll("\n", " "));
    fc.assert(
      fc.property(
        fc.array(lineText, { minLength: 1, maxLength: 8 }),
        fc.array(fc.tuple(fc.nat(), lineText), { maxLength: 12 }),
        (lines, changes) => {
          const start = lines.join("\n");
          let [text, history] = [start, emptyHistory];
          for (const [at, after] of changes) {
            const line = (at % lines.length) + 1;
            const made = action("edit", [edit(line, text.split("\n")[line - 1] ?? "", after)]);
            text = editLines(text, made.edits).text;
            history = record(history, made);
          }
          const end = text;
          for (const way of [undo, redo]) {
            for (let step = way(history); step; step = way(history)) {
              history = step.history;
              text = editLines(text, step.action.edits).text;
            }
            expect(text).toBe(way === undo ? start : end);
          }
        },
      ),
    );
  });
});

describe("edits of single lines", () => {
  it("find a line that has moved, and leave one that is gone or not told apart", () => {
    expect(editLines("new\na\nb", [edit(1, "a", "A")])).toEqual({ text: "new\nA\nb", missed: [] });
    const gone = edit(1, "x", "y");
    expect(editLines("a\nb", [gone])).toEqual({ text: "a\nb", missed: [gone] });
    const twice = edit(3, "a", "y");
    expect(editLines("a\na\nb", [twice])).toEqual({ text: "a\na\nb", missed: [twice] });
  });

  it("keep what else a .jsonl line holds", () => {
    expect(withPrompt('{"id": 7, "prompt": "a", "system_prompt": "s"}', "jsonl", "b")).toBe(
      '{"id":7,"prompt":"b","system_prompt":"s"}',
    );
  });

  it("refuse what a line cannot hold", () => {
    expect(promptProblem(" ", "lines")).toContain("blank");
    expect(promptProblem("a\nb", "lines")).toContain("line break");
    expect(promptProblem("a\nb", "jsonl")).toBeNull();
    expect(promptProblem("a".repeat(8193), "jsonl")).toContain("too long");
  });
});
