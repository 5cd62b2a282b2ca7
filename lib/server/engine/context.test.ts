import { describe, expect, it } from "vitest";
import type { GenerateRow } from "#lib/engine/contract.ts";
import { engineLoader } from "#lib/testing/engine-models.ts";

const load = engineLoader();

describe("the model's context", () => {
  const row = (length: number, maxNewTokens: number): GenerateRow => ({
    prompt: { tokens: Array.from({ length }, (_, at) => 10 + ((at * 37) % 2000)) },
    maxNewTokens,
  });

  it("holds each row's prompt and answer, not the longest prompt and the longest answer together", async () => {
    const engine = await load("demo");
    const { contextLength } = engine.describe();
    const short = [5, 6, 7].map((length) => row(length, 24));
    const rows = [row(contextLength - 10, 60), ...short, row(contextLength - 1, 5)];
    const batched = await engine.generate(rows);
    const alone = await Promise.all(rows.map(async (single) => (await engine.generate([single]))[0]));
    expect(batched.map(({ responseTokens, finish }) => [responseTokens, finish])).toEqual(
      alone.map((result) => [result?.responseTokens, result?.finish]),
    );
    expect(Math.max(...batched.map(({ responseTokens }) => responseTokens.length))).toBeGreaterThan(10);
  });
});
