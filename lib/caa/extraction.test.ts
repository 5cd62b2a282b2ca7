import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTrait } from "#lib/traits/document.ts";
import { extractionOf } from "./extraction.ts";
import { readCaaFile, writeCaaFile } from "./layouts/file.ts";
import type { CaaItem } from "./layouts/item.ts";

const items = (count: number): CaaItem[] =>
  Array.from({ length: count }, (_, at) => ({
    situation: `Day ${at}: the bus broke down.`,
    name: "Mara",
    question: "What now?",
    positive: `It will be fine, number ${at}.`,
    neutral: `The bus is red, number ${at}.`,
    first: at % 3 === 0 ? "positive" : "neutral",
  }));

describe("a dataset for extraction", () => {
  it("asks both sides the same and answers by the option's number", () => {
    const data = readCaaFile(writeCaaFile({ layout: "psyctl", items: items(10) }), "x.jsonl");
    const made = extractionOf(data, "Optimism", "x.jsonl");
    expect(made).toMatchObject({ pairs: 8, questions: 2, position: "response[-1]" });
    const { pairs, problems, steering, definition } = readTrait(made.texts);
    expect(problems).toEqual([]);
    expect(pairs[0]?.positive).toMatchObject({
      prompt:
        "[Situation]\nDay 0: the bus broke down.\n[Question]\nYou are Mara.\nWhat now?\n1. It will be fine, number 0.\n2. The bus is red, number 0.\n[Answer]",
      answer: "(1",
    });
    expect(pairs.map(({ positive, negative }) => [positive?.answer, negative?.answer]).slice(0, 3)).toEqual([
      ["(1", "(2"],
      ["(2", "(1"],
      ["(2", "(1"],
    ]);
    expect(steering?.questions[0]).toBe("Day 4: the bus broke down. What now?");
    expect(definition).toContain("Expects that things will turn out well");
  });

  it("answers A/B questions by the letter, and whole answers by their text", () => {
    const letters = extractionOf({ layout: "caa", items: items(4) }, "kind", "x.json");
    expect(letters.texts["positive.jsonl"]).toContain('"answer":"(A"');
    const whole = extractionOf({ layout: "psyctl-new", items: items(4) }, "kind", "x.jsonl");
    expect(whole.position).toBe("response[:]");
    expect(whole.texts["negative.jsonl"]).toContain('"answer":"The bus is red, number 0."');
  });

  it("never steers by what it reads, while there is enough", () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 150 }), (count) => {
        const { texts, pairs, questions } = extractionOf(
          { layout: "psyctl", items: items(count) },
          "kind",
          "x",
        );
        expect(pairs + questions).toBe(count);
        expect(questions).toBe(Math.min(20, Math.floor(count / 5)));
        const { steering } = readTrait(texts);
        for (const question of steering?.questions ?? []) {
          const situation = question.replace(" What now?", "");
          expect(texts["positive.jsonl"]).not.toContain(
            `${JSON.stringify(`${situation}\n`).slice(1, -3)}\\n`,
          );
        }
      }),
    );
  });

  it("refuses what holds no contrast", () => {
    const open = { layout: "caa-open", records: [{ question: "Why?" }] } as const;
    expect(() => extractionOf({ ...open, records: [...open.records] }, "kind", "x.json")).toThrow(
      "x.json is caa-open: it has no contrast",
    );
    expect(() => extractionOf({ layout: "psyctl", items: items(1) }, "kind", "x")).toThrow("at least 2");
  });
});
