import { describe, expect, it } from "vitest";
import type { Engine, GenerateRow, SteeredTokens, Steering } from "#lib/engine/contract.ts";
import { engineLoader } from "#lib/testing/engine-models.ts";

const load = engineLoader();
const texts = [
  "The baker opened the shop and",
  "It rained all day. The old man said that he",
  "At the market, Anna",
  "When the letter came",
];

function steering(engine: Engine, coef: number, tokens: SteeredTokens = "default", phase = 0): Steering {
  const { hidden } = engine.describe();
  const vector = Float32Array.from(
    { length: hidden },
    (_, at) => Math.sin(at * 1.7 + phase) * Math.sqrt(2 / hidden),
  );
  return {
    tokens,
    vectors: [
      { layer: 1, coef, vector },
      { layer: 3, coef: coef / 2, vector },
    ],
  };
}

const rows = (more: (at: number) => Partial<GenerateRow> = () => ({})): GenerateRow[] =>
  texts.map((text, at) => ({ prompt: { text }, maxNewTokens: 20, topLogprobs: 5, ...more(at) }));

describe("steering", () => {
  it.each(["default", "all", "prompt", "generated"] as const)(
    "with coefficient 0 on %s tokens is the baseline bit for bit",
    async (tokens) => {
      const engine = await load("demo");
      const zero = await engine.generate(rows(() => ({ steering: steering(engine, 0, tokens) })));
      expect(zero).toEqual(await engine.generate(rows()));
    },
  );

  it("changes what it should: the prompt's tokens, the generated ones, or both", async () => {
    const engine = await load("demo");
    const [baseline] = await engine.generate(rows().slice(0, 1));
    const first = async (tokens: SteeredTokens) => {
      const [result] = await engine.generate(
        rows(() => ({ steering: steering(engine, 400, tokens) })).slice(0, 1),
      );
      return result;
    };
    const generated = await first("generated");
    const [all, prompt, usual] = [await first("all"), await first("prompt"), await first("default")];
    // The first token comes from the prompt alone: only steering of the prompt can move it.
    expect(generated?.alternatives).toEqual(baseline?.alternatives);
    expect(generated?.responseTokens.slice(1)).not.toEqual(baseline?.responseTokens.slice(1));
    for (const other of [all, prompt, usual]) expect(other?.alternatives).not.toEqual(baseline?.alternatives);
    expect(all?.alternatives).toEqual(prompt?.alternatives);
    expect(all?.responseTokens).not.toEqual(prompt?.responseTokens);
    expect(usual?.alternatives).not.toEqual(prompt?.alternatives);
  });

  it("sums vectors of one layer: two halves are the whole, opposites are nothing", async () => {
    const engine = await load("demo");
    const { vectors } = steering(engine, 8);
    const halves = vectors.flatMap((part) => [part, part].map((half) => ({ ...half, coef: half.coef / 2 })));
    const opposites = vectors.flatMap((part) => [part, { ...part, coef: -part.coef }]);
    const answers = async (parts: Steering["vectors"]) =>
      (await engine.generate(rows(() => ({ steering: { tokens: "all", vectors: parts } })))).map(
        (row) => row.responseTokens,
      );
    expect(await answers(halves)).toEqual(await answers(vectors));
    expect(await answers(opposites)).toEqual(
      (await engine.generate(rows())).map((row) => row.responseTokens),
    );
  });

  it("refuses what does not fit the model, naming why", async () => {
    const engine = await load("demo");
    const run = (change: Partial<Steering["vectors"][number]>) => {
      const { vectors } = steering(engine, 1);
      const wrong = vectors.map((part) => ({ ...part, ...change }));
      return engine.generate(rows(() => ({ steering: { tokens: "all", vectors: wrong } })));
    };
    await expect(run({ layer: 5 })).rejects.toThrow(/cannot steer layer 5.*layers 0 to 4/);
    await expect(run({ vector: new Float32Array(3) })).rejects.toThrow(
      /3 values does not fit this model, whose width is 192/,
    );
    await expect(run({ coef: Number.NaN })).rejects.toThrow(/not a finite number/);
  });
});

describe("sampling", () => {
  const sampled = (seed: number) => rows(() => ({ sampling: { temperature: 1, topP: 0.9 }, seed }));

  it("depends on the row's seed and content, not on its place or its batch", async () => {
    const engine = await load("demo");
    const forward = await engine.generate(sampled(7));
    const backward = await engine.generate(sampled(7).reverse());
    expect(backward.reverse()).toEqual(forward);
    const alone = [];
    for (const row of sampled(7)) alone.push(...(await engine.generate([row])));
    expect(alone.map((row) => row.responseTokens)).toEqual(forward.map((row) => row.responseTokens));
    const other = await engine.generate(sampled(8));
    expect(other.map((row) => row.answer)).not.toEqual(forward.map((row) => row.answer));
  });

  it("at temperature 0 is greedy", async () => {
    const engine = await load("demo");
    const cold = await engine.generate(rows(() => ({ sampling: { temperature: 0, topP: 0.5 }, seed: 3 })));
    expect(cold).toEqual(await engine.generate(rows()));
  });
});

describe("answers", () => {
  it("stream in order, each row's pieces adding up to its answer", async () => {
    const engine = await load("demo");
    const pieces = texts.map(() => "");
    const tokens: number[][] = texts.map(() => []);
    const results = await engine.generate(rows(), {
      onToken(row, token, text) {
        pieces[row] += text;
        tokens[row]?.push(token);
      },
    });
    expect(pieces).toEqual(results.map((row) => row.answer));
    expect(tokens).toEqual(results.map((row) => row.responseTokens));
  });

  it("end where the row ends: its own length or an end token", async () => {
    const engine = await load("demo");
    const results = await engine.generate([
      { prompt: { text: texts[0] ?? "" }, maxNewTokens: 1 },
      { prompt: { messages: [{ role: "user", content: "Where do you buy bread?" }] }, maxNewTokens: 100 },
      { prompt: { text: texts[1] ?? "" }, maxNewTokens: 5 },
    ]);
    expect(results.map((row) => row.finish)).toEqual(["length", "eos", "length"]);
    expect(results.map((row) => row.responseTokens.length).filter((_, at) => at !== 1)).toEqual([1, 5]);
    expect(results[1]?.answer).not.toContain("<|end|>");
    expect(results[1]?.promptText).toContain("Where do you buy bread?");
  });

  it("report the first token's alternatives as probabilities of the whole vocabulary", async () => {
    const engine = await load("demo");
    const { vocabulary } = engine.describe();
    const [result] = await engine.generate([
      { prompt: { text: texts[0] ?? "" }, maxNewTokens: 1, topLogprobs: vocabulary },
    ]);
    const total = result?.alternatives.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0);
    expect(total).toBeCloseTo(1, 9);
    expect(result?.alternatives[0]?.token).toBe(result?.answer);
  });

  it("refuse what cannot be run, naming the row", async () => {
    const engine = await load("demo");
    const good: GenerateRow = { prompt: { text: "a" }, maxNewTokens: 1 };
    const bad = (row: Partial<GenerateRow>) => engine.generate([good, { ...good, ...row }]);
    await expect(bad({ maxNewTokens: 0 })).rejects.toThrow(/row 2: maxNewTokens is 0/);
    await expect(bad({ prompt: { tokens: [] } })).rejects.toThrow(/row 2: the prompt holds no token/);
    await expect(bad({ prompt: { tokens: [4, 2048] } })).rejects.toThrow(/row 2: there is no token 2048/);
    await expect(bad({ prompt: { tokens: new Array(600).fill(9) } })).rejects.toThrow(
      /row 2: the prompt is 600 tokens long and the model reads 512/,
    );
    await expect(bad({ sampling: { temperature: 1, topP: 0 } })).rejects.toThrow(/row 2: topP is 0/);
  });
});
