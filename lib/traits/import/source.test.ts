import { describe, expect, it } from "vitest";
import { textsOfPairs, withPairs } from "./files.ts";
import type { ImportPair } from "./mapping.ts";
import { findDuplicates } from "./plan.ts";
import { findTraitFolders, guessChoice, type ImportFile, previewSource, readSource } from "./source.ts";

const file = (path: string, content: string | number[]): ImportFile => ({
  path,
  bytes: typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content),
});
const lines = (...files: ImportFile[]) => {
  const source = readSource(files);
  return { source, preview: previewSource(source, guessChoice(source)) };
};
const pair = (positive: string | null, negative: string | null): ImportPair => ({
  positive: positive === null ? null : { prompt: positive },
  negative: negative === null ? null : { prompt: negative },
});

describe("readSource", () => {
  it("tells the sides of two text files by their names, in any order", () => {
    expect(lines(file("a/neg_1.txt", "n\n"), file("a/other.txt", "p\n")).preview).toEqual({
      pairs: [pair("p", "n")],
      problems: [],
    });
    const unclear = lines(file("a.txt", "p\n"), file("b.txt", "n\n"));
    expect(unclear.preview).toBeNull();
    const swapped = previewSource(unclear.source, { mapping: null, sides: { positive: 1, negative: 0 } });
    expect(swapped?.pairs).toEqual([pair("n", "p")]);
  });

  it("reads one text file as one side", () => {
    expect(lines(file("negatives.txt", "a\n\nb\n")).preview?.pairs).toEqual([
      pair(null, "a"),
      pair(null, "b"),
    ]);
    expect(lines(file("lines.txt", "a\n")).preview).toBeNull();
  });

  it("leaves out a pair with a line that is too long, and the lines without a partner, each named", () => {
    const long = "x".repeat(9000);
    const { preview } = lines(file("neg.txt", `a\n${long}\nc\n`), file("pos.txt", "1\n2\n3\n4\n"));
    expect(preview?.pairs).toEqual([pair("1", "a"), pair("3", "c")]);
    expect(preview?.problems).toEqual([
      { file: "neg.txt", line: 2, message: expect.stringContaining("9000 bytes are too long") },
      {
        file: "neg.txt",
        line: null,
        message: expect.stringContaining("add 1 to neg.txt or remove 1 from pos.txt"),
      },
    ]);
  });

  it("refuses what is no text, and files that do not go together", () => {
    expect(() => readSource([file("a.csv", [0x61, 0x0a, 0xff])])).toThrow("a.csv:2: not UTF-8 text");
    expect(() => readSource([file("a.csv", "a\nb\0c")])).toThrow("a.csv:2: no text: it holds NUL bytes");
    expect(() => readSource([file("a.json", "[1]")])).toThrow("a.json: the whole");
    expect(() => readSource([file("a.png", "x")])).toThrow("a.png: a folder, two .txt files");
    expect(() => readSource([file("a.csv", ""), file("b.csv", "")])).toThrow("one file at a time");
  });
});

describe("findTraitFolders", () => {
  it("takes folders that hold a side, and of them only what Tiller reads", () => {
    const found = findTraitFolders([
      file("t/mine/calm/positive.txt", "a"),
      file("t/mine/calm/negative.txt", "b"),
      file("t/mine/calm/notes.txt", "c"),
      file("t/mine/definition.txt", "d"),
      file("negative.jsonl", "e"),
    ]);
    expect(found.map(({ folder, files }) => [folder, [...files.keys()]])).toEqual([
      ["t/mine/calm", ["positive.txt", "negative.txt"]],
      ["", ["negative.jsonl"]],
    ]);
  });
});

describe("findDuplicates", () => {
  it("marks what the trait has, and what the import has twice", () => {
    const pairs = [pair("a b", "c"), pair("A  b", "c"), pair("d", "e"), pair("d", "e"), pair("a b", "x")];
    expect(findDuplicates(pairs, [pair("a b", "c")])).toEqual(["exact", "similar", null, "exact", null]);
  });

  it("compares lines of one side with that side alone", () => {
    expect(findDuplicates([pair("a", null), pair("c", null)], [pair("a", "c")])).toEqual(["exact", null]);
  });
});

describe("withPairs", () => {
  it("leaves a side alone that the import has nothing for", () => {
    const texts = { "positive.txt": "a\n", "negative.txt": "b\n" };
    expect(withPairs(texts, [pair("c", null)], "replace")).toEqual({ "positive.txt": "c\n" });
    expect(textsOfPairs([pair("c", null)])).toEqual({ "positive.txt": "c\n", "negative.txt": "" });
  });
});
