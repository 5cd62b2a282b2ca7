import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parsePosition } from "#lib/core/position.ts";
import { FakeEngine } from "#lib/testing/fake-engine.ts";
import type { GenerateRow } from "../contract.ts";
import { mayLend } from "../run-device.ts";
import { pack, unpack } from "./envelope.ts";
import { packResult, readResult } from "./result.ts";
import { decodeWork, encodeWork, type Work, workSchema } from "./work.ts";

const model = new FakeEngine().describe();
const { hidden } = model;

/** As it arrives at the other end. */
function sent(work: Work): Work {
  const { head, tensors } = encodeWork(work);
  const arrived = unpack(pack(head, tensors), workSchema, "work");
  return decodeWork(arrived.head, arrived.tensors);
}

const capture: Work = {
  kind: "capture",
  rows: [
    { promptTokens: [1, 2, 3], responseTokens: [4, 5] },
    { promptTokens: [1], responseTokens: [] },
  ],
  positions: ["response[:]", "prompt[-1]", "all[1:3]"].map(parsePosition),
  component: "mlp_out",
  layers: [0, 2],
};

describe("work", () => {
  it("arrives as it was, each steering vector sent once", () => {
    const vector = Float32Array.from({ length: hidden }, (_, at) => Math.fround(Math.sin(at) / 3));
    const other = vector.map((value) => -value);
    const row = (coef: number, values: Float32Array): GenerateRow => ({
      prompt: { tokens: [5, 6, 7] },
      maxNewTokens: 4,
      sampling: { temperature: 0.7, topP: 0.9 },
      seed: 0xffffffff,
      topLogprobs: 3,
      steering: { tokens: "generated", vectors: [{ layer: 1, vector: values, coef }] },
    });
    const plain: GenerateRow = { prompt: { tokens: [1] }, maxNewTokens: 1 };
    const work: Work = {
      kind: "generate",
      rows: [row(0.1 + 0.2, vector), plain, row(-3, vector), row(1, other)],
    };
    expect(sent(work)).toEqual(work);
    expect(Object.keys(encodeWork(work).tensors)).toHaveLength(2);
    expect(sent(capture)).toEqual(capture);
  });

  it("is refused when it names a vector that is not there, or holds a text", () => {
    const head = {
      kind: "generate" as const,
      rows: [
        {
          prompt: { tokens: [1] },
          maxNewTokens: 1,
          steering: { tokens: "all" as const, vectors: [{ layer: 0, vector: "vector.0", coef: 1 }] },
        },
      ],
    };
    expect(() => decodeWork(head, new Map())).toThrow("names vector.0, which is not in it");
    const text: Work = { kind: "generate", rows: [{ prompt: { text: "hello" }, maxNewTokens: 1 }] };
    expect(() => encodeWork(text)).toThrow("only tokens are lent");
  });
});

describe("a captured result", () => {
  const values = (row: number) =>
    Float32Array.from({ length: 3 * 2 * hidden }, (_, at) => Math.fround(row + at / 7));
  const rows = [0, 1].map((row) => ({ values: values(row), empty: [false, false, false] }));

  it("arrives to the bit; which positions are empty follows from the tokens", () => {
    const read = readResult(packResult({ kind: "capture", rows }, capture, hidden), capture, model);
    if (read.kind !== "capture") throw new Error(read.kind);
    expect(read.rows.map(({ empty }) => empty)).toEqual([
      [false, false, false],
      [true, false, true],
    ]);
    expect(read.rows[0]?.values).toEqual(values(0));
    const cell = 2 * hidden;
    expect(read.rows[1]?.values.slice(cell, 2 * cell)).toEqual(values(1).slice(cell, 2 * cell));
    expect(read.rows[1]?.values.slice(0, cell).every(Number.isNaN)).toBe(true);
  });

  it.each([
    [
      "rows are missing",
      packResult(
        { kind: "capture", rows: rows.slice(1) },
        { ...capture, rows: capture.rows.slice(1) },
        hidden,
      ),
      "its values are F32 [1,3,2,8], not F32 [2,3,2,8]",
    ],
    ["values are missing", pack({ kind: "capture" }), "it holds no values"],
    ["it is a generation's", pack({ kind: "generate", rows: [] }), "it is of kind generate, not capture"],
    ["its head is something else", pack({ kind: "nonsense" }), "the result: kind"],
    [
      "it is cut off",
      packResult({ kind: "capture", rows }, capture, hidden).subarray(0, 400),
      "the file holds",
    ],
  ])("is refused when %s", (_, bytes, problem) => {
    expect(() => readResult(bytes, capture, model)).toThrow(problem);
  });
});

it("an envelope without a head is refused", () => {
  expect(() => unpack(new Uint8Array(8), z.unknown(), "the batch")).toThrow("the batch");
});

it("a run that names a browser's device is done by that device only", () => {
  expect((["webgpu", "wasm", "cpu"] as const).map((device) => mayLend("browser", device))).toEqual([
    true,
    true,
    true,
  ]);
  expect((["webgpu", "wasm", "cpu"] as const).map((device) => mayLend("browser-webgpu", device))).toEqual([
    true,
    false,
    false,
  ]);
});
