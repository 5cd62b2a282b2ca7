import { describe, expect, it } from "vitest";
import { choiceKey, mergeForms, settle } from "./merge-form.ts";
import { formOf, type TraitForm } from "./trait-form.ts";

const form = (positive: string, negative: string, questions = ["q?"], definition = "HIGH"): TraitForm =>
  formOf({
    "positive.txt": positive,
    "negative.txt": negative,
    "definition.txt": definition,
    "steering.json": JSON.stringify({ questions }),
  });

describe("merging two edits of a trait", () => {
  it("takes what only one of them changed", () => {
    const base = form("a\nb", "x\ny");
    const mine = form("a\nb\nc", "x\ny\nz");
    const theirs = form("A\nb", "x\ny", ["q?", "r?"], "HIGH\nLOW");
    const parts = mergeForms(base, mine, theirs) ?? [];
    expect(settle(parts, new Map(), mine)).toEqual({
      ...form("A\nb\nc", "x\ny\nz", ["q?", "r?"], "HIGH\nLOW"),
    });
  });

  it("asks where both changed the same pair, and keeps the sides together", () => {
    const base = form("a\nb", "x\ny");
    const parts = mergeForms(base, form("a1\nb", "x1\ny"), form("a2\nb", "x2\ny")) ?? [];
    expect(settle(parts, new Map(), base)).toBeNull();
    const at = parts[0]?.regions.findIndex(({ kind }) => kind === "conflict") ?? -1;
    const settled = (choice: "mine" | "theirs" | "both") =>
      settle(parts, new Map([[choiceKey("pairs", at), choice]]), base)?.sides;
    expect(settled("mine")).toEqual({ positive: "a1\nb", negative: "x1\ny" });
    expect(settled("theirs")).toEqual({ positive: "a2\nb", negative: "x2\ny" });
    expect(settled("both")).toEqual({ positive: "a1\na2\nb", negative: "x1\nx2\ny" });
  });

  it("keeps what both have where the base is lost, and refuses other kinds of files", () => {
    const parts = mergeForms(null, form("a\nm", "x\nm"), form("a\nt", "x\nt")) ?? [];
    expect(parts[0]?.regions).toHaveLength(2);
    const records = formOf({ "positive.jsonl": '{"prompt":"a"}' });
    expect(mergeForms(null, form("a", "x"), records)).toBeNull();
  });
});
