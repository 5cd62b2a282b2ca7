import { describe, expect, it } from "vitest";
import type { ImportPair } from "#lib/traits/import/mapping.ts";
import { planPairs } from "#lib/traits/import/plan.ts";
import type { ImportSource } from "#lib/traits/import/source.ts";
import { confirmText } from "./import-text.ts";
import { mappingFormOf, mappingOf, withLabelColumn } from "./mapping-form.ts";
import { type ImportOptions, outcomeOf } from "./outcome.ts";

const options: ImportOptions = {
  mode: "append",
  leaveOut: { exact: true, similar: false },
  definition: false,
  steering: false,
};
const own = { "positive.txt": "a\n", "negative.txt": "b\n", "definition.txt": "own\n" };
const lines: ImportSource = { kind: "lines", files: [] };
const pair = (positive: string | null, negative: string | null, system?: string): ImportPair => ({
  positive: positive === null ? null : { prompt: positive, ...(system ? { system_prompt: system } : {}) },
  negative: negative === null ? null : { prompt: negative },
});
const planned = (...pairs: ImportPair[]) => planPairs(pairs, [], options.leaveOut);

describe("outcomeOf", () => {
  it("appends and replaces, and the button says it", () => {
    const plan = planned(pair("c", "d"), pair("e", "f"));
    const added = outcomeOf(lines, plan, own, options);
    expect(added).toMatchObject({ count: 2, before: 1, layout: null, refusal: null });
    expect(added.texts).toEqual({ ...own, "positive.txt": "a\nc\ne\n", "negative.txt": "b\nd\nf\n" });
    expect(confirmText(added, "append", "trait")).toBe("Add 2 pairs");
    const replaced = outcomeOf(lines, plan, own, { ...options, mode: "replace" });
    expect(replaced.texts["positive.txt"]).toBe("c\ne\n");
    expect(confirmText(replaced, "replace", "trait")).toBe("Replace 1 pair by 2");
  });

  it("says when text files become JSON Lines", () => {
    const { layout, texts } = outcomeOf(lines, planned(pair("c", "d", "Be calm.")), own, options);
    expect(layout).toBe("jsonl");
    expect(texts["positive.txt"]).toBeUndefined();
    expect(texts["positive.jsonl"]).toContain("Be calm.");
  });

  it("refuses pairs below sides of unequal length, and takes the lines that even them out", () => {
    const uneven = { ...own, "positive.txt": "a\nc\n" };
    expect(outcomeOf(lines, planned(pair("e", "f")), uneven, options).refusal).toContain(
      "2 positives but 1 negatives",
    );
    const filled = outcomeOf(lines, planned(pair(null, "d")), uneven, options);
    expect([filled.refusal, filled.texts["negative.txt"]]).toEqual([null, "b\nd\n"]);
    expect(confirmText(filled, "append", "trait")).toBe("Add 1 negative");
  });

  it("keeps a whole trait's files as they are for a new one, and takes its rubric only where asked", () => {
    const texts = {
      "positive.jsonl": '{"prompt":"c"}\n',
      "negative.txt": "d\n",
      "definition.txt": "theirs\n",
    };
    const source: ImportSource = { kind: "trait", from: "x", format: "trait folder", texts };
    expect(outcomeOf(source, planned(pair("c", "d")), {}, { ...options, definition: true }).texts).toEqual(
      texts,
    );
    const into = (definition: boolean) =>
      outcomeOf(source, planned(pair("c", "d")), own, { ...options, definition });
    expect(into(false).texts["definition.txt"]).toBe("own\n");
    expect(into(true)).toMatchObject({ fields: true, texts: { "definition.txt": "theirs\n" } });
  });
});

describe("the mapping while it is chosen", () => {
  const table = {
    columns: ["text", "side"],
    rows: [
      { line: 2, cells: { text: "a", side: "Pos" } },
      { line: 3, cells: { text: "b", side: "neg" } },
    ],
    problems: [],
  };

  it("is none until both sides are told apart", () => {
    const form = mappingFormOf(null);
    expect(mappingOf({ ...form, positive: "text", negative: "text" })).toBeNull();
    expect(mappingOf({ ...form, positive: "text", negative: "side" })).toEqual({
      kind: "pairs",
      positive: "text",
      negative: "side",
    });
  });

  it("guesses which label is which", () => {
    const form = withLabelColumn({ ...mappingFormOf(null), kind: "labelled", prompt: "text" }, "side", table);
    expect(mappingOf(form)).toMatchObject({ label: "side", positive: "pos", negative: "neg" });
    expect(mappingOf(mappingFormOf(mappingOf(form)))).toEqual(mappingOf(form));
    expect(mappingOf(withLabelColumn(form, "text", table))).toBeNull();
  });
});
