import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { convertCaa } from "./convert.ts";
import { type CaaFile, type PairLayoutName, pairLayouts, readCaaFile, writeCaaFile } from "./file.ts";
import { inspectCaa } from "./inspect.ts";
import type { CaaItem } from "./item.ts";

const runs = Number(process.env.TILLER_PROPERTY_RUNS ?? 200);
const names = Object.keys(pairLayouts) as PairLayoutName[];

/** Texts with all that could be taken for a mark. */
const text = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
  fc
    .array(
      fc.constantFrom(
        "a",
        " ",
        "\n",
        "1. ",
        "2. ",
        "(A) ",
        "(B)",
        "[Answer]",
        "[Question]",
        "[Situation]",
        "Choices:",
        "You are ",
        ". ",
        "Mr.",
      ),
      { minLength: 1, maxLength: 8 },
    )
    .map((parts) => parts.join("")),
);
const item: fc.Arbitrary<CaaItem> = fc.record({
  situation: text,
  name: fc.oneof(fc.constant(null), fc.constantFrom("Mara", "Mr. Brown", "Jean-Luc"), text),
  question: fc.oneof(fc.constant(null), text),
  positive: text,
  neutral: text,
  first: fc.constantFrom("positive", "neutral"),
});

const item1: CaaItem = {
  situation: "Mara is at the market.",
  name: "Mara",
  question: "What now?",
  positive: "All will be well.",
  neutral: "I buy bread.",
  first: "neutral",
};

describe("a layout of contrasts", () => {
  it("of psyctl is exactly this", () => {
    expect(pairLayouts.psyctl.write({ ...item1, question: null })).toEqual({
      question:
        "[Situation]\nMara is at the market.\n[Question]\nYou are Mara. What would your response be in this situation?\n1. I buy bread.\n2. All will be well.\n[Answer]",
      positive: "(2",
      neutral: "(1",
    });
    expect(pairLayouts["psyctl-new"].write({ ...item1, question: null })).toEqual({
      situation: "Mara is at the market.",
      char_name: "Mara",
      positive: "All will be well.",
      neutral: "I buy bread.",
    });
    expect(pairLayouts.caa.write({ ...item1, name: null, question: null })).toEqual({
      question: "Mara is at the market.\n\nChoices:\n(A) I buy bread.\n(B) All will be well.",
      answer_matching_behavior: "(B)",
      answer_not_matching_behavior: "(A)",
    });
  });

  it.each(names)("%s: what is converted into it reads as it was, or is refused, or told", (to) => {
    let held = 0;
    fc.assert(
      fc.property(item, (given) => {
        const from: PairLayoutName = to === "psyctl" ? "caa" : "psyctl";
        let converted: ReturnType<typeof convertCaa>;
        try {
          converted = convertCaa({ layout: from, items: [given] }, to);
        } catch (error) {
          expect(String(error)).toMatch(/item 1 cannot be written as/);
          return;
        }
        held++;
        const back = readCaaFile(writeCaaFile(converted.data), "x");
        if (!("items" in back)) throw new Error(back.layout);
        const read = back.items[0];
        expect(read).toMatchObject({ positive: given.positive, neutral: given.neutral });
        if (to !== "psyctl-new") expect(read?.first).toBe(given.first);
        const { situation, name, question } = given;
        const same = read?.situation === situation && read.name === name && read.question === question;
        expect(converted.notes.some((note) => /part of the situation/.test(note))).toBe(!same);
      }),
      { numRuns: runs },
    );
    expect(held).toBeGreaterThan(runs / 20);
  });

  it.each(names)("%s: reading and writing gives the same record, whatever it says", (layout) => {
    const { read, write } = pairLayouts[layout];
    fc.assert(
      fc.property(item, fc.dictionary(fc.constantFrom("id", "extra"), text), (given, extra) => {
        const record = { ...write({ ...given, name: given.name ?? "Mara" }), ...extra };
        let items: CaaItem[];
        try {
          items = [read(record, "x")];
        } catch {
          return;
        }
        const file = { layout, items } as CaaFile;
        const back = readCaaFile(writeCaaFile(file), "x");
        expect("items" in back && back.items).toEqual(items);
        const [line] = writeCaaFile(file).trim().split("\n");
        if (layout !== "caa") expect(JSON.parse(line ?? "")).toEqual(record);
      }),
      { numRuns: runs },
    );
  });
});

describe("conversion", () => {
  it("keeps everything between psyctl and nrimsky/CAA", () => {
    const psyctl: CaaFile = {
      layout: "psyctl",
      items: [item1, { ...item1, name: "Mr. Brown", question: null }],
    };
    const there = convertCaa(psyctl, "caa");
    expect(there.notes).toEqual([]);
    expect(convertCaa(readCaaFile(writeCaaFile(there.data), "x"), "psyctl").data).toEqual(psyctl);
  });

  it("tells what the other layout cannot hold", () => {
    const psyctl: CaaFile = { layout: "psyctl", items: [{ ...item1, raw: { ...item1, source: "s" } }] };
    expect(convertCaa(psyctl, "psyctl-new").notes).toEqual([
      expect.stringMatching(/^not part of psyctl-new: .*source/),
      "which option is the first is not part of psyctl-new",
      "in 1 items the question becomes a part of the situation",
    ]);
    const nameless: CaaFile = { layout: "caa", items: [{ ...item1, name: null }] };
    expect(() => convertCaa(nameless, "psyctl-new")).toThrow(/item 1 .* needs a character's name/);
    expect(() => convertCaa(psyctl, "persona-vectors")).toThrow(/working file/);
    const open: CaaFile = { layout: "caa-open", records: [{ question: "Why?" }] };
    expect(() => convertCaa(open, "psyctl")).toThrow(/questions without answers/);
  });

  it("makes a persona_vectors trait of a build's characters", () => {
    const persona = { kind: "persona", origin: "asked", answer: null } as const;
    const build = {
      personality: "Narcissism",
      personas: [
        { ...persona, role: "words", name: null, text: "vain" },
        { ...persona, role: "positive", name: "Mara", text: "You are grand." },
        { ...persona, role: "neutral", name: "Mara", text: "You are ordinary." },
      ] as const,
    };
    const { data, notes } = convertCaa({ layout: "psyctl", items: [item1] }, "persona-vectors", build);
    expect(data).toMatchObject({
      trait: {
        instruction: [{ pos: "You are grand.", neg: "You are ordinary." }],
        questions: ["Mara is at the market.\n\nYou are Mara.\nWhat now?"],
        eval_prompt: expect.stringMatching(/Narcissism[\s\S]*\{question\}[\s\S]*\{answer\}/),
      },
    });
    expect(notes).toContain("the reactions are not part of persona-vectors");
    expect(readCaaFile(writeCaaFile(data), "x")).toEqual(data);
  });
});

describe("a file", () => {
  it("of persona_vectors' answers reads and writes as it was", () => {
    const csv = 'question,prompt,answer,question_id,evil,coherence\n"a, b",p,"two\nlines",evil_1,3.5,90\n';
    const data = readCaaFile(csv, "x.csv");
    expect(data).toMatchObject({ layout: "persona-vectors-csv", trait: "evil", rows: [{ evil: "3.5" }] });
    expect(writeCaaFile(data)).toBe(csv);
    expect(() => convertCaa(data, "psyctl")).toThrow(/scored answers/);
  });

  it.each([
    ["", /no CAA dataset/],
    ["[]", /list is empty/],
    ["[1]", /x: \[0\]: no CAA dataset/],
    ['[{"question": 3}]', /x: \[0\]: question/],
    ['{"a": 1}\n', /x:1: no CAA dataset/],
    ['{"question": "q", "positive": "(1", "neutral": "(2"}\n', /x:1: question: no \[Situation\]/],
    ['{"situation": "s", "char_name": 1, "positive": "", "neutral": ""}\n', /x:1: char_name: is no text/],
    [
      '[{"question": "q\\n(A) a\\n(B) b", "answer_matching_behavior": "(A)", "answer_not_matching_behavior": "(A)"}]',
      /one must be "\(A\)"/,
    ],
    ['{"situation": "s"', /x:1:\d+: malformed JSON/],
    ["a,b\n1,2\n", /no CAA dataset/],
  ])("that is none is one line: %j", (content, message) => {
    expect(() => readCaaFile(content, "x")).toThrow(message);
  });
});

const real = "../shared/data/public/CAA";
const published = ["generate/refusal/generate_dataset", "generate/sycophancy/generate_dataset"]
  .concat(
    ["refusal", "sycophancy"].flatMap((name) => [
      `test/${name}/test_dataset_ab`,
      `test/${name}/test_dataset_open_ended`,
    ]),
  )
  .map((name) => `${real}/${name}.json`);

describe.runIf(existsSync(real))("nrimsky/CAA's own files", () => {
  it.each(published)("%s imports and comes out as it was", (file) => {
    const content = readFileSync(file, "utf8");
    const data = readCaaFile(content, file);
    expect(JSON.parse(writeCaaFile(data))).toEqual(JSON.parse(content));
    const report = inspectCaa(data);
    expect(Object.values(report.counts)[0]).toBeGreaterThanOrEqual(50);
    if (data.layout !== "caa") return;
    const psyctl = convertCaa(data, "psyctl");
    const back = convertCaa(readCaaFile(writeCaaFile(psyctl.data), "x"), "caa").data;
    const bare = (items: CaaItem[]) => items.map(({ raw: _, ...one }) => one);
    expect("items" in back && back.items).toEqual(bare(data.items));
  });
});
