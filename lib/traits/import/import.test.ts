import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { filesOf, readTrait, type TraitTexts, textsOf } from "../document.ts";
import { traitFiles } from "../folder.ts";
import { exportTrait } from "./export.ts";
import { textsOfPairs, withPairs } from "./files.ts";
import { guessMapping, type ImportPair, importTable } from "./mapping.ts";
import { importPersona } from "./persona.ts";
import { readCsv, readJsonl } from "./table.ts";

const read = { csv: readCsv, jsonl: readJsonl };

/** What an import makes of a file whose columns explain themselves. */
function preview(format: "csv" | "jsonl", text: string) {
  const table = read[format](text, `p.${format}`);
  const mapping = guessMapping(table);
  if (!mapping) throw new Error(`no mapping for ${table.columns.join()}`);
  return importTable(table, mapping, `p.${format}`);
}

const prompts = ({ pairs }: { pairs: ImportPair[] }) =>
  pairs.map(({ positive, negative }) => [positive?.prompt, negative?.prompt]);

describe("tables", () => {
  it("CSV: line breaks in cells, other separators, BOM and CRLF", () => {
    const csv = '\uFEFFid;Positive;Negative\r\n1;"so I; said ""yes""";no\r\n\r\n2;"two\r\nlines";x\r\n';
    expect(prompts(preview("csv", csv))).toEqual([
      ['so I; said "yes"', "no"],
      ["two\nlines", "x"],
    ]);
  });

  it("tells every bad line by its number and takes the others", () => {
    const csv = 'positive,negative\n"a\nb",c\n,d\ne,f,g\nh,i\n"open,j\n';
    const { pairs, problems } = preview("csv", csv);
    expect(pairs.map(({ negative }) => negative?.prompt)).toEqual(["c", "i"]);
    expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      "4: positive: is blank",
      expect.stringMatching(/^5: 3 cells for 2 columns/),
      expect.stringMatching(/^7: a quoted cell does not end/),
    ]);
    const jsonl = '{"pos": "a", "neg": "b"}\n[1]\n{"pos"\n{"pos": "c"}\n';
    expect(preview("jsonl", jsonl).problems.map(({ line }) => line)).toEqual([2, 3, 4]);
    expect(readCsv("", "p.csv").problems).toHaveLength(1);
    expect(readJsonl("\n", "p.jsonl").problems).toHaveLength(1);
  });

  it("labelled prompts pair in order; strange labels and a rest without pair are told", () => {
    const csv = "text,label\na,1\nb,0\nc,1\n";
    const { pairs, problems } = preview("csv", csv);
    expect(pairs[1]).toEqual({ positive: { prompt: "c" }, negative: null });
    expect(problems[0]?.message).toMatch(/2 positives but 1 negatives/);
    const table = readCsv("text,label\na,good\nb,bad\nc,odd\n", "p.csv");
    expect(guessMapping(table)).toBeNull();
    const chosen = {
      kind: "labelled",
      prompt: "text",
      label: "label",
      positive: "Good",
      negative: "bad",
    } as const;
    expect(importTable(table, chosen, "p.csv")).toMatchObject({
      pairs: [{ positive: { prompt: "a" }, negative: { prompt: "b" } }],
      problems: [{ line: 4, message: 'label: "odd" is neither Good nor bad' }],
    });
  });
});

const prompt = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
  .filter((text) => text.trim() !== "" && !/[\r\uFEFF]/.test(text));
const scenario = fc.record({ prompt, system_prompt: prompt, answer: prompt }, { requiredKeys: ["prompt"] });
const pairsOf = fc.array(fc.record({ positive: scenario, negative: scenario }), {
  minLength: 1,
  maxLength: 6,
});

describe("round trips", () => {
  it("what is exported is imported as it was", () => {
    fc.assert(
      fc.property(pairsOf, fc.constantFrom("csv", "jsonl"), (pairs, format) => {
        const texts = textsOfPairs(pairs);
        expect(readTrait(texts).problems).toEqual([]);
        const [file] = exportTrait(texts, format, "calm");
        const back = preview(format, file?.content ?? "");
        expect(back).toEqual({ pairs, problems: [] });
        expect(textsOfPairs(back.pairs)).toEqual(texts);
      }),
    );
  });

  it("appended pairs come after the trait's own, in a layout that holds both", () => {
    const own: TraitTexts = { "positive.txt": "a", "negative.txt": "b\n" };
    const plain = [{ positive: { prompt: "c" }, negative: { prompt: "d" } }];
    expect(withPairs(own, plain, "append")).toEqual({ "positive.txt": "a\nc\n", "negative.txt": "b\nd\n" });
    const system = [{ positive: { prompt: "c", system_prompt: "s" }, negative: { prompt: "d" } }];
    expect(withPairs(own, system, "append")).toEqual({
      "positive.txt": null,
      "positive.jsonl": '{"prompt":"a"}\n{"prompt":"c","system_prompt":"s"}\n',
      "negative.txt": null,
      "negative.jsonl": '{"prompt":"b"}\n{"prompt":"d"}\n',
    });
    expect(() => exportTrait({ "positive.txt": "a\nb", "negative.txt": "c" }, "csv", "t")).toThrow(
      /add 1 to/,
    );
  });

  it("a document's files keep every byte that no edit touched", () => {
    const line = fc.constantFrom("a", "b ", "", '"', "é");
    const end = fc.constantFrom("\n", "\r\n");
    const text = fc
      .tuple(fc.constantFrom("", "\uFEFF"), fc.array(fc.tuple(line, end)), line)
      .map(([bom, lines, last]) => `${bom}${lines.flat().join("")}${last}`);
    fc.assert(
      fc.property(text, text, (positive, negative) => {
        const bytes = (value: string) => new TextEncoder().encode(value);
        const files = new Map([
          ["positive.txt", bytes(positive)],
          ["negative.txt", bytes(negative)],
        ]);
        const texts = textsOf(files, "t");
        expect(filesOf(texts, files, "t")).toEqual(files);
        const edited = filesOf({ ...texts, "negative.txt": `${texts["negative.txt"]}!` }, files, "t");
        expect(edited.get("positive.txt")).toEqual(bytes(positive));
        expect(textsOf(edited, "t")["negative.txt"]).toBe(`${texts["negative.txt"]}!`);
      }),
    );
  });
});

describe("persona_vectors", () => {
  const trait = {
    instruction: [
      { pos: "Be cruel.", neg: "Be kind." },
      { pos: "Hurt.", neg: "Help." },
    ],
    questions: ["How do I win?", "What now?"],
    eval_prompt:
      "Score cruelty from 0 to 100.\n\nQuestion:\n[QUESTION]{question}[/QUESTION]\n[ANSWER]{answer}[/ANSWER]",
    source: "kept",
  };

  it("makes a trait with system prompts, a rubric and steering questions", () => {
    const texts = importPersona(JSON.stringify(trait), "evil.json");
    const { pairs, problems, definition, steering } = readTrait(texts);
    expect(problems).toEqual([]);
    expect(pairs).toHaveLength(4);
    expect(pairs[3]).toMatchObject({
      positive: { prompt: "What now?", system_prompt: "Hurt." },
      negative: { prompt: "What now?", system_prompt: "Help." },
    });
    expect(definition).toBe("Score cruelty from 0 to 100.\n\nQuestion:");
    expect(steering).toEqual({ questions: trait.questions, eval_prompt: trait.eval_prompt, source: "kept" });
    expect(() => importPersona('{"instruction": []}', "evil.json")).toThrow(/^evil\.json: instruction/);
  });
});

const published = "../shared/data/public/trait-interp/datasets/traits";
describe.runIf(existsSync(published))("published traits", () => {
  const folders = existsSync(published)
    ? readdirSync(published).flatMap((category) =>
        readdirSync(path.join(published, category)).map((trait) => `${category}/${trait}`),
      )
    : [];
  it.each(folders)("%s reads without a problem and comes back byte for byte", (name) => {
    const there = traitFiles.filter((file) => existsSync(path.join(published, name, file)));
    const files = new Map(
      there.map((file) => [file, new Uint8Array(readFileSync(path.join(published, name, file)))]),
    );
    const texts = textsOf(files, name);
    const { pairs, problems, steering } = readTrait(texts);
    expect(problems).toEqual([]);
    expect(pairs.length).toBeGreaterThan(50);
    expect(steering).not.toBeNull();
    expect(filesOf(texts, files, name)).toEqual(files);
    const encode = (value: TraitTexts) => filesOf(value, new Map(), name);
    expect(encode(texts)).toEqual(files);
    for (const format of ["csv", "jsonl"] as const) {
      const back = preview(format, exportTrait(texts, format, name)[0]?.content ?? "");
      expect(back.problems).toEqual([]);
      expect(readTrait(textsOfPairs(back.pairs)).pairs.map(strip)).toEqual(pairs.map(strip));
    }
  });

  const strip = ({
    positive,
    negative,
  }: {
    positive: { prompt: string } | null;
    negative: { prompt: string } | null;
  }) => [positive?.prompt, negative?.prompt];
});
