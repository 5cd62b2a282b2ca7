import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { polarities } from "#lib/core/names.ts";
import { parseTraitFolder, traitFiles } from "../folder.ts";
import { lineExamples } from "./examples.ts";
import { type LintInput, lintFacts, lintPair, lints, lintTrait } from "./lint.ts";
import { sameFamily, stemsOf } from "./words.ts";

const definition = `How far the text turns down what was asked.
HIGH (70-100): says "I won't", turns it down.
LOW (0-30): "Sure", does it.`;

function traitOf(positive: string[], negative: string[], name = "refusal"): LintInput {
  const lines = (texts: string[]) => texts.map((prompt, index) => ({ line: index + 1, prompt }));
  return { name, definition, positive: lines(positive), negative: lines(negative) };
}

const idsOf = (input: LintInput) => lintTrait(input).map(({ lint }) => lint);
const find = (input: LintInput, lint: string) => lintTrait(input).filter((finding) => finding.lint === lint);

describe("labelled lines and pairs", () => {
  const facts = lintFacts(traitOf(["I told him no and"], ["I let him in and"]));

  it.each(lineExamples)("%j", ({ positive, negative, expected }) => {
    const found = lintPair(
      {
        index: 0,
        ...(positive === undefined ? {} : { positive: { line: 1, prompt: positive } }),
        ...(negative === undefined ? {} : { negative: { line: 1, prompt: negative } }),
      },
      facts,
    );
    for (const polarity of polarities) {
      const ids = found.filter((finding) => finding.polarity === polarity).map(({ lint }) => lint);
      expect(ids, polarity).toEqual(expected[polarity] ?? []);
    }
    for (const { range, polarity, message, remedy } of found) {
      const text = (polarity === "positive" ? positive : negative) ?? "";
      if (range) expect(text.slice(range.start, range.end).trim()).not.toBe("");
      expect(`${message}${remedy}`).not.toMatch(/\n/);
    }
  });

  it("are many, and of every lint that looks at lines and pairs", () => {
    expect(lineExamples.length).toBeGreaterThanOrEqual(60);
    const expected = new Set(lineExamples.flatMap((example) => Object.values(example.expected).flat()));
    expect([...expected].sort()).toEqual(
      lints
        .filter(({ line, pair }) => line || pair)
        .map(({ id }) => id)
        .sort(),
    );
  });
});

const towns =
  "Aarau Basel Chur Davos Engelberg Fribourg Geneva Horgen Ilanz Jona Kloten Lugano Morges Nyon Olten Payerne Rapperswil Sion Thun Uster".split(
    " ",
  );
/** 20 pairs without a weakness but their number. */
const sound = traitOf(
  towns.map(
    (town, at) =>
      `In ${town} a man asked for ${at + 2} tickets. I felt ${towns[(at * 7 + 3) % 20]} in my bones and`,
  ),
  towns.map(
    (town, at) =>
      `In ${town} a man asked for ${at + 2} tickets. I felt ${towns[(at * 11 + 5) % 20]} in my bones and`,
  ),
);

describe("whole traits", () => {
  it("a sound one is only told that it is small", () => {
    expect(idsOf(sound)).toEqual(["too-few-lines", "too-few-lines"]);
  });

  it("counts: few to vet, few to ship, unequal", () => {
    const one = find(traitOf(["I felt no and"], []), "too-few-lines");
    expect(one.map(({ severity, polarity }) => [severity, polarity])).toEqual([
      ["warning", "positive"],
      ["warning", "negative"],
    ]);
    expect(find(sound, "too-few-lines").map(({ severity }) => severity)).toEqual(["note", "note"]);
    expect(find(traitOf(["I felt a and", "I felt b and"], ["I felt c and"]), "unequal-counts")).toMatchObject(
      [{ polarity: "positive", index: 1, line: 2, severity: "warning" }],
    );
  });

  it("duplicates, on one side and across, told at the later line", () => {
    const found = find(
      traitOf(["I felt no and", "a b c", "i  felt NO and"], ["x", "I felt no and", "y"]),
      "duplicate",
    );
    expect(found.map(({ polarity, index, message }) => [polarity, index, message.slice(0, 27)])).toEqual([
      ["negative", 1, "the same as positive line 1"],
      ["positive", 2, "the same as positive line 1"],
    ]);
  });

  it("under another system prompt the same line is another", () => {
    const lines = ["Be kind.", "Be cruel."].map((system_prompt, at) => ({
      line: at + 1,
      prompt: "Where is my hat, and who has taken it from the hook by the door?",
      system_prompt,
    }));
    const found = idsOf({ name: "cruelty", definition: null, positive: lines, negative: [] });
    expect(found).not.toContain("duplicate");
    expect(found).not.toContain("near-duplicate");
  });

  it("near-duplicates: one word changed, on the same side only", () => {
    const long = (word: string) =>
      `On the last day of the year the old keeper of the ${word} came up the hill to ask me for one more winter of rent. I felt no and`;
    expect(find(traitOf([long("inn"), long("mill")], [long("barn"), "z"]), "near-duplicate")).toMatchObject([
      { polarity: "positive", index: 1, severity: "note" },
    ]);
  });

  it("topic: situations about different things, not the sentence that is meant to differ", () => {
    const about = (topic: string, stance: string) =>
      towns.map((town) => `In ${town} a man asked about ${topic}. I felt ${stance} and`);
    expect(
      find(traitOf(about("weapons", "calm"), about("gardens", "calm")), "topic-imbalance"),
    ).toMatchObject([
      {
        polarity: null,
        message: expect.stringMatching(/positive weapons \(20 : 0\); negative gardens \(0 : 20\)/),
      },
    ]);
    expect(find(traitOf(about("weapons", "angry"), about("weapons", "calm")), "topic-imbalance")).toEqual([]);
  });

  it("lexical shortcut: single words that tell held-out pairs apart", () => {
    const about = (stance: string) =>
      towns.map((town) => `In ${town} a man asked about me. I felt ${stance} and`);
    const [found] = find(traitOf(about("angry"), about("calm")), "lexical-shortcut");
    expect(found?.message).toMatch(/100 %.*positive: angry,.*negative: calm,/);
    // Each pair's words are its own: nothing carries over to the held-out ones.
    const own = (side: string) => towns.map((town) => `In ${town} I felt ${town}${side} and`);
    expect(find(traitOf(own("ish"), own("like")), "lexical-shortcut")).toEqual([]);
  });

  it("chat: whole messages have no lock-in to judge", () => {
    const questions = ["What is the tallest tree?", "How do I bake bread?", "Write a poem about rain."];
    expect(
      idsOf(
        traitOf(
          questions,
          questions.map((text) => `${text} Why?`),
        ),
      ),
    ).not.toContain("mid-behaviour");
  });

  it("word families join what is one word and nothing else", () => {
    const same = (a: string, b: string) => sameFamily(stemsOf(a), stemsOf(b));
    for (const [a, b] of [
      ["refusal", "refused"],
      ["optimism", "optimistic"],
      ["formality", "formally"],
      ["confidence", "confident"],
      ["kindness", "kindly"],
    ] as const) {
      expect(same(a, b), `${a} ${b}`).toBe(true);
    }
    for (const [a, b] of [
      ["formality", "form"],
      ["formality", "information"],
      ["refusal", "refuge"],
      ["hope", "hopeless"],
      ["certain", "uncertain"],
    ] as const) {
      expect(same(a, b), `${a} ${b}`).toBe(false);
    }
  });
});

describe("any text", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }),
    fc
      .array(fc.constantFrom("so", "I", '"', "“", "said", ".", ",", "because", "the", "?", "refused", "…"), {
        maxLength: 12,
      })
      .map((words) => words.join(" ")),
  );
  const trait = fc.tuple(fc.array(text, { maxLength: 20 }), fc.array(text, { maxLength: 20 }), text);

  it("is linted without an error, twice the same, findings in their lines", () => {
    fc.assert(
      fc.property(trait, ([positive, negative, rubric]) => {
        const input = { ...traitOf(positive, negative), definition: `HIGH: ${rubric}` };
        const found = lintTrait(input);
        expect(lintTrait(structuredClone(input))).toEqual(found);
        for (const { polarity, index, line, range } of found) {
          expect(index === null).toBe(line === null);
          if (index === null || polarity === null) continue;
          const length = input[polarity][index]?.prompt.length ?? -1;
          expect(index).toBeLessThan(input[polarity].length);
          if (range) expect(range.start >= 0 && range.start <= range.end && range.end <= length).toBe(true);
        }
      }),
    );
  });

  it("an exact duplicate is always found", () => {
    fc.assert(
      fc.property(trait, fc.nat(), ([positive, negative], pick) => {
        fc.pre(positive.length > 0);
        const copied = pick % positive.length;
        const found = find(traitOf([...positive, positive[copied] ?? ""], negative), "duplicate");
        expect(found).toContainEqual(
          expect.objectContaining({ polarity: "positive", index: positive.length }),
        );
      }),
    );
  });

  it("a pair linted alone has the findings the whole trait has on it", () => {
    fc.assert(
      fc.property(trait, ([positive, negative]) => {
        const input = traitOf(positive, negative);
        const facts = lintFacts(input);
        const local = new Set(lints.filter((lint) => !lint.trait).map(({ id }) => id));
        const alone = input.positive.flatMap((line, index) => {
          const other = input.negative[index];
          return lintPair({ index, positive: line, ...(other ? { negative: other } : {}) }, facts);
        });
        const whole = lintTrait(input).filter(
          ({ lint, index }) => local.has(lint) && (index ?? 0) < positive.length,
        );
        const sorted = (all: typeof whole) => all.map((finding) => JSON.stringify(finding)).sort();
        expect(sorted(alone)).toEqual(sorted(whole));
      }),
    );
  });
});

describe("published traits", () => {
  const base = "../shared/data/public/trait-interp/datasets/traits";
  const read = (folder: string): LintInput => {
    const files = traitFiles
      .filter((name) => existsSync(`${folder}/${name}`))
      .map((name): [string, Uint8Array] => [name, readFileSync(`${folder}/${name}`)]);
    return { name: folder.split("/").at(-1) ?? "", ...parseTraitFolder(new Map(files), folder) };
  };

  it.each(["chirp/refusal", "hum/formality", "hum/optimism"])("%s: few lines have a finding", (name) => {
    if (!existsSync(`${base}/${name}`)) return;
    const input = read(`${base}/${name}`);
    const marked = new Set(
      lintTrait(input)
        .filter(({ index }) => index !== null)
        .map(({ polarity, index }) => `${polarity} ${index}`),
    );
    expect(marked.size).toBeLessThan(0.15 * (input.positive.length + input.negative.length));
  });

  it.each(["optimism", "confidence", "formality", "refusal"])(
    "bundled %s: few lines have a finding",
    (name) => {
      const input = read(`datasets/traits/demo/${name}`);
      const marked = lintTrait(input).filter(({ index }) => index !== null);
      expect(marked.length).toBeLessThan(0.1 * (input.positive.length + input.negative.length));
    },
  );
});
