import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeGraph } from "#lib/onnx/index.ts";
import { Message } from "#lib/onnx/proto/writer.ts";
import { fileSource } from "./file-source.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tiller-file-source-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("gives the bytes asked for, in any order and beyond a window", () => {
  const file = path.join(folder, "bytes");
  const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 31) % 251);
  writeFileSync(file, bytes);
  const source = fileSource(file);
  expect(source.byteLength).toBe(bytes.length);
  for (const [start, end] of [
    [0, 5],
    [99_990, 100_000],
    [10, 90_000],
    [40_000, 40_001],
    [16_380, 16_390],
    [100_000, 100_000],
  ] as const) {
    expect(source.read(start, end)).toEqual(bytes.subarray(start, end));
  }
});

test("weights are passed over: a graph search reads a fraction of the file", () => {
  const weights = new Message().bytes(9, new Uint8Array(40_000_000)).text(8, "weight");
  const graph = new Message().message(5, weights).message(1, new Message().text(4, "Add").text(2, "logits"));
  const file = path.join(folder, "weights.onnx");
  writeFileSync(file, new Message().message(7, graph).message(8, new Message().varint(2, 17)).finish());
  const source = fileSource(file);
  let read = 0;
  const counting = {
    byteLength: source.byteLength,
    read(start: number, end: number) {
      read += end - start;
      return source.read(start, end);
    },
  };
  expect(() => describeGraph(counting)).toThrow(/no input_ids/);
  expect(read).toBeLessThan(2_000);
});

test("a file that is gone or became shorter is named", () => {
  expect(() => fileSource(path.join(folder, "none.onnx"))).toThrow(/none\.onnx is missing/);
  const file = path.join(folder, "short");
  writeFileSync(file, new Uint8Array(50_000));
  const source = fileSource(file);
  truncateSync(file, 10);
  expect(() => source.read(20_000, 20_010)).toThrow(/became shorter/);
});
