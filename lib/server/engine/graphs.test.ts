import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parsePosition } from "#lib/core/position.ts";
import type { Component, Engine, GenerateRow } from "#lib/engine/contract.ts";
import { readSafetensors } from "#lib/formats/safetensors.ts";
import { toFloat32 } from "#lib/formats/tensor.ts";
import { engineLoader } from "#lib/testing/engine-models.ts";
import { graphFolder, graphNames, graphsFolder } from "#lib/testing/graph-folders.ts";
import { transformersGenerate } from "#lib/testing/transformers-generate.ts";

const load = engineLoader();

/** Unequal lengths, no end token inside, the same for every graph (vocabulary 320). */
const prompts = [
  [17, 204, 33, 91],
  [250, 12],
  [5, 6, 7, 8, 9, 10, 11, 300, 44],
  [101, 102, 103],
  [77],
  [9, 280, 19, 130, 250],
];
const row = (tokens: number[], more: Partial<GenerateRow> = {}): GenerateRow => ({
  prompt: { tokens },
  maxNewTokens: 24,
  ...more,
});

async function oneByOne(engine: Engine, rows: GenerateRow[]) {
  const results = [];
  for (const single of rows) results.push(...(await engine.generate([single])));
  return results;
}

// Without the shared graphs this file says so as one skipped test.
it.skipIf(graphNames.length === 0)("graphs of both exporters are there", () => {
  for (const exporter of ["genai", "opt"]) {
    expect(graphNames.some((name) => name.startsWith(exporter))).toBe(true);
  }
});

describe.each(graphNames)("%s", (name) => {
  it("answers a batch of unequal prompts as it answers each prompt alone", async () => {
    const engine = await load(graphFolder(name));
    const rows = prompts.map((tokens, at) => row(tokens, { maxNewTokens: 8 + 4 * at }));
    const batched = await engine.generate(rows);
    expect(batched.map((result) => result.responseTokens)).toEqual(
      (await oneByOne(engine, rows)).map((result) => result.responseTokens),
    );
    expect(Math.max(...batched.map((result) => result.responseTokens.length))).toBeGreaterThan(8);
  });

  it("gives the tokens of transformers.js generate()", async () => {
    const engine = await load(graphFolder(name));
    const ours = await engine.generate(prompts.map((tokens) => row(tokens)));
    for (const [at, tokens] of prompts.entries()) {
      expect(ours[at]?.responseTokens).toEqual(await transformersGenerate(graphFolder(name), tokens, 24));
    }
  });

  it.each(["add", "clamp"] as const)(
    "steers each row of a batch (%s) as it steers it alone",
    async (operator) => {
      const engine = await load(graphFolder(name));
      const { hidden, layers } = engine.describe();
      const rows = prompts.map((tokens, at) =>
        row(tokens, {
          steering: {
            tokens: (["default", "all", "prompt", "generated"] as const)[at % 4] ?? "default",
            vectors: [{ layer: at % layers, coef: 4, vector: wave(hidden, at), operator }],
          },
        }),
      );
      const steered = await engine.generate(rows);
      expect(steered.map((result) => result.responseTokens)).toEqual(
        (await oneByOne(engine, rows)).map((result) => result.responseTokens),
      );
      const baseline = await engine.generate(prompts.map((tokens) => row(tokens)));
      expect(steered.map((result) => result.responseTokens)).not.toEqual(
        baseline.map((result) => result.responseTokens),
      );
    },
  );
});

function wave(length: number, phase: number): Float32Array {
  return Float32Array.from({ length }, (_, at) => Math.sin(at + phase) / Math.sqrt(length / 2));
}

const references = [
  ["genai-llama-fp32", "llama"],
  ["genai-qwen3-fp32", "qwen3"],
  ["genai-gemma2-fp32", "gemma2"],
  ["opt-gpt2", "gpt2"],
  ["opt-qwen2", "qwen2"],
].filter(([name]) => graphNames.includes(name ?? ""));

describe.each(references)("%s against PyTorch's %s", (name = "", reference = "") => {
  const file = () =>
    readSafetensors(readFileSync(path.join(graphsFolder, "reference", `${reference}.safetensors`)));
  const values = (key: string) => {
    const tensor = file().tensors.get(key);
    if (!tensor) throw new Error(`the reference has no ${key}`);
    return tensor;
  };
  const rowsOf = (key: string) => {
    const { shape, data } = values(key);
    const all = Array.from(new BigInt64Array(Uint8Array.from(data).buffer), Number);
    const width = shape[1] ?? 0;
    return Array.from({ length: shape[0] ?? 0 }, (_, at) => all.slice(at * width, (at + 1) * width));
  };

  it.each([
    ["residual", "out"],
    ["attn_out", "attn"],
    ["mlp_out", "mlp"],
  ] as [Component, string][])("captures %s of any position to 1e-5", async (component, key) => {
    const engine = await load(graphFolder(name));
    const { hidden } = engine.describe();
    const ids = rowsOf("ids");
    const expected = toFloat32(values(`nopad.${key}`));
    const positions = ["all[:]", "prompt[-1]", "response[:5]", "response[2]"].map(parsePosition);
    const slices = [
      [0, 12],
      [3, 4],
      [4, 9],
      [6, 7],
    ] as const;
    const layers = [0, 2, 3];
    // Another, longer row in the batch makes the reference's rows padded.
    const tokens = [...ids, [...(ids[0] ?? []), 3, 4, 5]];
    const captured = await engine.capture({
      rows: tokens.map((row) => ({ promptTokens: row.slice(0, 4), responseTokens: row.slice(4) })),
      positions,
      component,
      layers,
    });
    let worst = 0;
    for (let at = 0; at < ids.length; at++) {
      slices.forEach(([start, end], position) => {
        layers.forEach((layer, tap) => {
          for (let h = 0; h < hidden; h++) {
            let sum = 0;
            for (let t = start; t < end; t++) {
              sum += expected[((layer * ids.length + at) * 12 + t) * hidden + h] ?? Number.NaN;
            }
            const found = captured[at]?.values[(position * layers.length + tap) * hidden + h] ?? Number.NaN;
            const error = Math.abs(found - sum / (end - start));
            worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
          }
        });
      });
    }
    expect(worst).toBeLessThan(1e-5);
  });

  it("generates PyTorch's tokens, plain and steered", async () => {
    const engine = await load(graphFolder(name));
    const prompt = (rowsOf("ids")[0] ?? []).slice(0, 12);
    const vector = toFloat32(values("vec"));
    const [plain, steered] = await engine.generate([
      row(prompt, { maxNewTokens: 10 }),
      row(prompt, {
        maxNewTokens: 10,
        steering: { tokens: "all", vectors: [{ layer: 1, coef: 3, vector }] },
      }),
    ]);
    expect([...prompt, ...(plain?.responseTokens ?? [])]).toEqual(rowsOf("gen")[0]);
    expect([...prompt, ...(steered?.responseTokens ?? [])]).toEqual(rowsOf("gensteer")[0]);
  });
});
