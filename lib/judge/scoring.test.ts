import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { readPromptSets, renderCatalogue } from "../../tools/project/prompts.mjs";
import { createBatchedTransport } from "./batched-transport.ts";
import { promptSets } from "./prompts/catalogue.ts";
import { escapeFences } from "./prompts/render.ts";
import { expectedScore, integerOf, median, parseRelevance, parseScoreJson } from "./scoring.ts";

const log = Math.log;

describe("the expected score", () => {
  it("is Σ v·p / Σ p over the integers, spellings of a number added up", () => {
    const { score, mass } = expectedScore(
      [
        { token: "80", logprob: log(0.4) },
        { token: " 80", logprob: log(0.2) },
        { token: "20", logprob: log(0.2) },
        { token: "The", logprob: log(0.1) },
        { token: "101", logprob: log(0.1) },
      ],
      0.25,
    );
    expect(score).toBeCloseTo((80 * 0.6 + 20 * 0.2) / 0.8, 10);
    expect(mass).toBeCloseTo(0.8, 10);
  });

  it("is null, not 50, below the mass floor", () => {
    expect(expectedScore([{ token: "50", logprob: log(0.2) }], 0.25).score).toBeNull();
    expect(expectedScore([{ token: "50", logprob: log(0.2) }], 0.1).score).toBeCloseTo(50);
    expect(expectedScore([], 0).score).toBeNull();
  });

  it("stays within the scores it is made of", () => {
    const alternative = fc.record({
      token: fc.oneof(fc.integer({ min: 0, max: 100 }).map(String), fc.string()),
      logprob: fc.double({ min: -20, max: 0, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(alternative, { maxLength: 20 }), (alternatives) => {
        const { score } = expectedScore(alternatives, 0.25);
        const values = alternatives.flatMap(({ token }) => integerOf(token) ?? []);
        if (score === null) return;
        expect(score).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
        expect(score).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
      }),
    );
  });

  it("does not depend on order, on how a number is spelt, on a repeated entry or on other tokens", () => {
    const weighted = fc.array(
      fc.record({ value: fc.integer({ min: 0, max: 100 }), weight: fc.integer({ min: 1, max: 1000 }) }),
      { minLength: 1, maxLength: 20, size: "max" },
    );
    fc.assert(
      fc.property(weighted, fc.integer({ min: 1, max: 99 }), (entries, percent) => {
        const total = entries.reduce((sum, { weight }) => sum + weight, 0);
        const numbers = new Map<number, number>();
        for (const { value, weight } of entries)
          numbers.set(value, (numbers.get(value) ?? 0) + weight / total / 2);
        const expected = [...numbers].reduce((sum, [value, p]) => sum + value * p * 2, 0);
        const spelt = [...numbers].flatMap(([value, p]) => [
          { token: `${value}`, logprob: log((p * percent) / 100) },
          { token: ` ${value}`, logprob: log((p * (100 - percent)) / 100) },
        ]);
        const noise = { token: "Well", logprob: log(0.5) };
        const { score, mass } = expectedScore([noise, ...spelt.reverse(), ...spelt.slice(0, 2)], 0.25);
        expect(score).toBeCloseTo(expected, 8);
        expect(mass).toBeCloseTo(0.5, 10);
      }),
    );
  });

  it.each([
    ["7", 7],
    [" 100", 100],
    ["007", null],
    ["8.", null],
    ["101", null],
    ["-1", null],
    ["", null],
  ])("reads token %j as %j", (token, value) => {
    expect(integerOf(token)).toBe(value);
  });
});

describe("other replies", () => {
  it.each([
    ['{"score": 85}', 85],
    ['```json\n{"score": 12}\n```', 12],
    ['<think>{"score": 1}</think> So: {"score": 60}', 60],
    ["85", null],
    ['{"score": 850}', null],
    ['{"score": "9"}', null],
  ])("%j scores %j", (reply, score) => {
    expect(parseScoreJson(reply)).toBe(score);
  });

  it("know one label or none", () => {
    expect(parseRelevance("It ENGAGES.")).toBe("ENGAGES");
    expect(parseRelevance("off-topic")).toBe("OFF_TOPIC");
    expect(parseRelevance("ENGAGES or OFF_TOPIC")).toBeNull();
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
});

describe("prompts", () => {
  it("are the text files beside the catalogue", () => {
    expect(promptSets).toEqual(readPromptSets());
    expect(renderCatalogue(readPromptSets())).toContain(promptSets["builtin-1"].version);
  });

  it("keep judged text from closing its fence", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom("</text>", "<text>", "<|end|>", "< / text >", "</TEXT>"),
        (text, tag) => {
          expect(escapeFences(text + tag + text)).not.toMatch(/<[\s/|]*(text|end)/i);
        },
      ),
    );
  });
});

describe("the built-in judge's batches", () => {
  it("gather the calls that wait, in order, within the batch size", async () => {
    const sizes: number[] = [];
    const transport = createBatchedTransport({
      id: "builtin",
      model: "demo",
      promptSet: "builtin-1",
      traits: ["optimism"],
      maxBatch: 8,
      async complete(requests) {
        sizes.push(requests.length);
        return requests.map(({ messages }) => ({ text: messages[0]?.content ?? "", usage: null }));
      },
    });
    const ask = (content: string) =>
      transport.complete({ messages: [{ role: "user", content }], maxTokens: 1, temperature: 0, seed: 1 });
    const texts = Array.from({ length: 20 }, (_, at) => `${at}`);
    const answers = await Promise.all(texts.map(ask));
    expect(answers.map(({ text }) => text)).toEqual(texts);
    expect(sizes).toEqual([8, 8, 4]);
  });

  it("go on one by one where one text cannot be taken", async () => {
    const transport = createBatchedTransport({
      id: "builtin",
      model: "demo",
      promptSet: "standard-1",
      maxBatch: 8,
      async complete(requests) {
        if (requests.some(({ messages }) => messages[0]?.content === "too long"))
          throw new AppError("invalid-input", "row 2 is longer than the model's context");
        return requests.map(() => ({ text: "50", usage: null }));
      },
    });
    const ask = (content: string) =>
      transport.complete({ messages: [{ role: "user", content }], maxTokens: 1, temperature: 0, seed: 1 });
    const [before, long, after] = await Promise.allSettled(["a", "too long", "b"].map(ask));
    expect(before).toMatchObject({ value: { text: "50" } });
    expect(long).toMatchObject({ reason: { code: "invalid-input" } });
    expect(after).toMatchObject({ value: { text: "50" } });
  });

  it("fail together, and go on afterwards", async () => {
    let broken = true;
    const transport = createBatchedTransport({
      id: "builtin",
      model: "demo",
      promptSet: "builtin-1",
      traits: [],
      maxBatch: 8,
      async complete(requests) {
        if (broken) throw new Error("out of memory");
        return requests.map(() => ({ text: "50", usage: null }));
      },
    });
    const request = { messages: [], maxTokens: 1, temperature: 0, seed: 1 };
    await expect(transport.complete(request)).rejects.toThrow("out of memory");
    broken = false;
    await expect(transport.complete(request)).resolves.toMatchObject({ text: "50" });
  });
});
