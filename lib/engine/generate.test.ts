import { describe, expect, it } from "vitest";
import type { GraphDescription, InstrumentedGraph } from "#lib/onnx/contract.ts";
import { type DecodeRow, decodeBatch } from "./generate.ts";
import type { GraphSession } from "./graph-session.ts";
import type { Feed, HostTensor, KeptTensor } from "./session.ts";
import { isKept } from "./session.ts";

const VOCABULARY = 12;
const END = 11;

/**
 * A model that counts: after token t comes t + 1, and 11 ends the text. Its cache holds the tokens it has seen as
 * numbers [rows, 1, tokens, 1], so that a wrong row or step shows as a wrong answer: the next token is one more than
 * the last token *of the cache and this call*.
 */
function countingModel(poison: (token: number) => boolean = () => false) {
  const runs: { rows: number; kept: boolean }[] = [];
  let open = 0;
  const keep = (tensor: HostTensor): KeptTensor => {
    open++;
    return {
      dims: tensor.dims,
      read: async () => tensor,
      dispose: () => {
        open--;
      },
    };
  };
  const host = async (feed: Feed | undefined) => (feed && isKept(feed) ? feed.read() : (feed as HostTensor));
  const numbers = (tensor: HostTensor) => Array.from(tensor.data as Float32Array | BigInt64Array, Number);
  const session: GraphSession["session"] = {
    async run(feeds, fetch) {
      const ids = await host(feeds.input_ids);
      const past = await host(feeds["past.0"]);
      const at = numbers(await host(feeds["tiller.logits_at"]));
      const mask = numbers(await host(feeds.attention_mask));
      const [rows = 0, width = 0] = ids.dims;
      const seen = past.dims[2] ?? 0;
      runs.push({ rows, kept: (fetch.keep ?? []).length > 0 });
      const present = new Float32Array(rows * (seen + width));
      const logits = new Float32Array(rows * VOCABULARY).fill(-5);
      for (let row = 0; row < rows; row++) {
        present.set(numbers(past).slice(row * seen, (row + 1) * seen), row * (seen + width));
        present.set(numbers(ids).slice(row * width, (row + 1) * width), row * (seen + width) + seen);
        const position = seen + (at[row] ?? 0);
        // The mask must say that this token is real.
        if (mask[row * (seen + width) + position] !== 1)
          throw new Error(`row ${row}: token ${position} is masked`);
        const last = present[row * (seen + width) + position] ?? 0;
        logits[row * VOCABULARY + ((last + 1) % VOCABULARY)] = 5;
        if (poison(last)) logits.fill(Number.NaN, row * VOCABULARY, (row + 1) * VOCABULARY);
      }
      const cache: HostTensor = { type: "float32", dims: [rows, 1, seen + width, 1], data: present };
      return {
        read: { logits: { type: "float32", dims: [rows, 1, VOCABULARY], data: logits } },
        kept: Object.fromEntries((fetch.keep ?? []).map((name) => [name, keep(cache)])),
      };
    },
    async dispose() {},
  };
  const past = { name: "past.0", dtype: "float32", dims: ["batch_size", 1, "past", 1] };
  const graph: InstrumentedGraph = {
    bytes: new Uint8Array(),
    description: { kv: { heads: 1, headSize: 1 } } as GraphDescription,
    inputs: { logitsAt: "tiller.logits_at" },
    captured: {},
    logits: { name: "logits", dtype: "float32", layout: "at" },
    tokens: { name: "input_ids", kind: "ids", dtype: "int64" },
    attentionMask: "attention_mask",
    positionIds: null,
    useCacheBranch: null,
    logitsToKeep: null,
    past: [past],
    present: ["present.0"],
    requiredInputs: [past],
  };
  return { open: { graph, session }, runs, stillOpen: () => open };
}

const row = (prompt: number[], rest: Partial<DecodeRow> = {}): DecodeRow => ({
  prompt,
  maxNewTokens: 4,
  sampling: undefined,
  seed: 1,
  steering: undefined,
  topLogprobs: 0,
  logprobs: undefined,
  ...rest,
});

const options = {
  layers: 1,
  hidden: 1,
  cache: { kvHeads: undefined, headSize: undefined },
  endTokens: new Set([END]),
};

describe("the decode loop", () => {
  it("gives every row its own length and end", async () => {
    const { open, runs, stillOpen } = countingModel();
    const told: [number, number][] = [];
    const results = await decodeBatch(
      open,
      [row([0, 1, 2]), row([9]), row([5, 3], { maxNewTokens: 2 }), row([10])],
      { ...options, onToken: (at, token) => told.push([at, token]) === 0 },
    );
    expect(results.map(({ tokens, finish }) => [tokens, finish])).toEqual([
      [[3, 4, 5, 6], "length"],
      [[10], "eos"],
      [[4, 5], "length"],
      [[], "eos"],
    ]);
    expect(runs.map(({ rows }) => rows)).toEqual([4, 4, 4, 4]);
    expect(told.filter(([at]) => at === 2).map(([, token]) => token)).toEqual([4, 5]);
    expect(stillOpen()).toBe(0);
  });

  it("leaves ended rows out once the steps to come are worth a copy of the cache", async () => {
    const { open, runs, stillOpen } = countingModel();
    const endless = { ...options, endTokens: new Set<number>() };
    const rows = [2, 5, 12, 2].map((maxNewTokens, at) => row([at + 1], { maxNewTokens }));
    const results = await decodeBatch(open, rows, endless);
    expect(results.map(({ tokens }) => tokens.length)).toEqual([2, 5, 12, 2]);
    expect(results[2]?.tokens).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3]);
    // Two of four end with 10 steps to come: copied at once. One of two ends with 7 to come: again.
    expect(runs.map(({ rows }) => rows)).toEqual([4, 4, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1]);
    expect(stillOpen()).toBe(0);
  });

  it("gives each row what it gets alone", async () => {
    const rows = [row([3]), row([1, 2, 8]), row([7, 7]), row([0, 0, 0, 0])].map((plain, at) => ({
      ...plain,
      seed: at,
      sampling: { temperature: 4, topP: 0.95 },
      maxNewTokens: 6,
    }));
    const together = await decodeBatch(countingModel().open, rows, options);
    const alone = await Promise.all(
      rows.map(async (one) => (await decodeBatch(countingModel().open, [one], options))[0]),
    );
    expect(together).toEqual(alone);
    expect(new Set(together.map(({ tokens }) => tokens.join())).size).toBeGreaterThan(1);
  });

  it("needs one run and keeps no cache where one token is wanted, as a judge does", async () => {
    const { open, runs } = countingModel();
    const rows = Array.from({ length: 64 }, (_, at) =>
      row([1, at % 9], { maxNewTokens: 1, topLogprobs: 20 }),
    );
    const results = await decodeBatch(open, rows, options);
    expect(runs).toEqual([{ rows: 64, kept: false }]);
    expect(results[4]?.alternatives).toHaveLength(VOCABULARY);
    expect(results[4]?.alternatives[0]?.id).toBe(5);
  });

  it("ends a row whose logits are no numbers, and no other", async () => {
    const { open } = countingModel((token) => token === 4);
    const results = await decodeBatch(open, [row([2]), row([6])], options);
    expect(results.map(({ tokens, finish }) => [tokens, finish])).toEqual([
      [[3, 4], "not-finite"],
      [[7, 8, 9, 10], "length"],
    ]);
  });

  it("ends the rows whose listener says so, after the token that made it say so", async () => {
    const { open, stillOpen } = countingModel();
    const results = await decodeBatch(open, [row([0]), row([5])], {
      ...options,
      onToken: (_, token) => token === 2,
    });
    expect(results.map(({ tokens, finish }) => [tokens, finish])).toEqual([
      [[1, 2], "stop"],
      [[6, 7, 8, 9], "length"],
    ]);
    expect(stillOpen()).toBe(0);
  });

  it("stops between two steps and frees the cache", async () => {
    const { open, stillOpen, runs } = countingModel();
    const controller = new AbortController();
    const work = decodeBatch(open, [row([0], { maxNewTokens: 9 })], {
      ...options,
      signal: controller.signal,
      onToken: (_, token) => {
        if (token === 2) controller.abort();
        return false;
      },
    });
    await expect(work).rejects.toMatchObject({ code: "aborted" });
    expect(runs).toHaveLength(2);
    expect(stillOpen()).toBe(0);
  });
});
