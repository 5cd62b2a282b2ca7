import { describe, expect, it } from "vitest";
import type { GenerateRow, TokenLogprobs } from "#lib/engine/contract.ts";
import { engineLoader } from "#lib/testing/engine-models.ts";

const load = engineLoader();
const text = "It rained all day. The old man said that he";
const row = (more: Partial<GenerateRow> = {}): GenerateRow => ({
  prompt: { text },
  maxNewTokens: 20,
  ...more,
});

describe("answers up to a stop text", () => {
  it("end before it, told or not, and other rows go on", async () => {
    const engine = await load("demo");
    const [free] = await engine.generate([row()]);
    const words = free?.answer.split(" ") ?? [];
    const stop = ` ${words[4]} ${words[5]?.slice(0, 2)}`;
    const cut = free?.answer.slice(0, free.answer.indexOf(stop)) ?? "";
    expect(cut).not.toBe("");
    const [quiet, other] = await engine.generate([row({ stop: ["not there", stop] }), row()]);
    expect(quiet).toMatchObject({ answer: cut, finish: "stop" });
    expect(quiet?.responseTokens).toEqual(free?.responseTokens.slice(0, quiet?.responseTokens.length));
    expect(other).toEqual(free);
    let told = "";
    await engine.generate([row({ stop: [stop] })], {
      onToken: (_, __, piece) => {
        told += piece;
      },
    });
    expect(told).toBe(cut);
  });
});

describe("probabilities of an answer's tokens", () => {
  it("are the softmax at each place: told as they come, the same at the end", async () => {
    const engine = await load("demo");
    const { vocabulary } = engine.describe();
    const heard: (TokenLogprobs | undefined)[] = [];
    const [result] = await engine.generate([row({ maxNewTokens: 4, logprobs: vocabulary })], {
      onToken: (_, __, ___, logprobs) => heard.push(logprobs),
    });
    expect(heard).toEqual(result?.logprobs);
    expect(result?.logprobs).toHaveLength(4);
    for (const { token, logprob, alternatives } of result?.logprobs ?? []) {
      const total = alternatives.reduce((sum, other) => sum + Math.exp(other.logprob), 0);
      expect(total).toBeCloseTo(1, 6);
      // Greedy: the token itself is the most likely.
      expect(alternatives[0]).toEqual({ token, logprob });
    }
    const [bare] = await engine.generate([row({ maxNewTokens: 2, logprobs: 0 }), row()]);
    expect(bare?.logprobs?.map(({ alternatives }) => alternatives)).toEqual([[], []]);
    expect((await engine.generate([row()]))[0]).not.toHaveProperty("logprobs");
  });
});

describe("operators beyond addition", () => {
  it("clamp at 0 is ablation, addition of nothing is the baseline, and a batch changes nothing", async () => {
    const engine = await load("demo");
    const { hidden } = engine.describe();
    const vector = Float32Array.from(
      { length: hidden },
      (_, at) => Math.sin(at * 1.7) * Math.sqrt(2 / hidden),
    );
    const steer = (coef: number, operator: "add" | "ablate" | "clamp") => ({
      tokens: "all" as const,
      vectors: [{ layer: 2, vector, coef, operator }],
    });
    const answers = await engine.generate([
      row({ topLogprobs: 5 }),
      row({ topLogprobs: 5, steering: steer(0, "add") }),
      row({ topLogprobs: 5, steering: steer(0, "ablate") }),
      row({ topLogprobs: 5, steering: steer(0, "clamp") }),
      row({ topLogprobs: 5, steering: steer(60, "clamp") }),
    ]);
    const [plain, nothing, ablated, zero, far] = answers;
    expect(nothing).toEqual(plain);
    expect(ablated?.alternatives).not.toEqual(plain?.alternatives);
    expect(zero).toEqual(ablated);
    expect(far?.alternatives).not.toEqual(ablated?.alternatives);
    // In one call or alone: additions and edits share no batch.
    const [alone] = await engine.generate([row({ topLogprobs: 5, steering: steer(60, "clamp") })]);
    expect(alone).toEqual(far);
    await expect(
      engine.generate([
        row({
          steering: {
            tokens: "all",
            vectors: [{ layer: 0, vector: new Float32Array(hidden), coef: 1, operator: "clamp" }],
          },
        }),
      ]),
    ).rejects.toThrow(/a vector of zeros has no direction to clamp/);
  });
});
