import { describe, expect, it } from "vitest";
import type { TraitTexts } from "#lib/traits/document.ts";
import { afterSave, changesOf, formOf } from "./trait-form.ts";

const texts: TraitTexts = {
  "positive.txt": "a\nb\n",
  "negative.txt": "x\ny",
  "definition.txt": "HIGH\n",
  "steering.json": '{"questions": ["q?"], "note": 1}\n',
};

describe("a trait's form", () => {
  it("changes nothing that was not edited, down to the last byte", () => {
    expect(changesOf(formOf(texts), texts)).toEqual({});
    expect(changesOf(formOf({}), {})).toEqual({});
    const records: TraitTexts = { "positive.jsonl": '{"prompt": "a"}', "negative.jsonl": "" };
    expect(changesOf(formOf(records), records)).toEqual({});
    const broken: TraitTexts = { "steering.json": "{" };
    expect(changesOf(formOf(broken), broken)).toEqual({});
  });

  it("sends the files that were edited, and keeps fields it does not show", () => {
    const form = formOf(texts);
    const edited = {
      ...form,
      sides: { ...form.sides, negative: "x\nz" },
      definition: " ",
      steering: { questions: ["q?", " ", "r?"], evalPrompt: "{answer}" },
    };
    const changes = changesOf(edited, texts);
    expect(changes).toEqual({
      "negative.txt": "x\nz\n",
      "definition.txt": null,
      "steering.json":
        '{\n  "questions": [\n    "q?",\n    "r?"\n  ],\n  "note": 1,\n  "eval_prompt": "{answer}"\n}\n',
    });
    const saved = afterSave(texts, changes);
    expect(saved["definition.txt"]).toBeUndefined();
    expect(saved["positive.txt"]).toBe("a\nb\n");
  });

  it("takes the other kind of file away where there is one", () => {
    expect(changesOf(formOf({ "positive.txt": "a\n" }), { "positive.jsonl": '{"prompt": "a"}' })).toEqual({
      "positive.jsonl": null,
      "positive.txt": "a\n",
    });
  });

  it("shows records as they are written, and steering.json as text where it cannot be read", () => {
    const form = formOf({ "positive.jsonl": '{"prompt": "a"}\n', "steering.json": "{" });
    expect(form.layout.positive).toBe("jsonl");
    expect(form.sides.positive).toBe('{"prompt": "a"}');
    expect(form.steering).toEqual({ raw: "{" });
    expect(changesOf({ ...form, steering: { raw: "{}" } }, { "steering.json": "{" })).toMatchObject({
      "steering.json": "{}",
    });
  });
});
