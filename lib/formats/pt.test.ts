import { readFileSync } from "node:fs";
import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { convertTensorFile, tensorFormatOf, withTensorFormat } from "./convert.ts";
import { dtypeBytes } from "./dtypes.ts";
import { type PickleNode, writePickle } from "./pickle-writer.ts";
import { readPt, writePt } from "./pt.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import { elementCount, float32Tensor, int8Tensor, type Tensor, toFloat32 } from "./tensor.ts";

// Written by tools/references/pt.py with torch.save.
const plain = z.object({ dtype: z.string(), shape: z.array(z.number()), values: z.array(z.number()) });
const { files, refused } = z
  .object({
    files: z.array(
      z.object({
        name: z.string(),
        file: z.base64(),
        expected: z.union([plain, z.record(z.string(), plain)]),
      }),
    ),
    refused: z.array(z.object({ name: z.string(), file: z.base64() })),
  })
  .parse(JSON.parse(readFileSync(new URL("./fixtures/torch.json", import.meta.url), "utf8")));

const decode = (text: string) => Uint8Array.from(Buffer.from(text, "base64"));
const torchNames: Record<string, string> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
  I64: "int64",
  I32: "int32",
  I16: "int16",
  I8: "int8",
  U8: "uint8",
  BOOL: "bool",
};
const told = (tensor: Tensor) => ({
  dtype: `torch.${torchNames[tensor.dtype]}`,
  shape: tensor.shape,
  values: [...toFloat32(tensor)],
});

const tensor: fc.Arbitrary<Tensor> = fc
  .record({
    dtype: fc.constantFrom("F32" as const, "F16" as const, "I64" as const, "I8" as const, "BOOL" as const),
    shape: fc.array(fc.nat(4), { maxLength: 3 }),
  })
  .chain(({ dtype, shape }) => {
    const length = elementCount(shape) * dtypeBytes[dtype];
    return fc.uint8Array({ minLength: length, maxLength: length }).map((data) => ({ dtype, shape, data }));
  });
const bytesIn = ({ dtype, shape, data }: Tensor) => ({ dtype, shape, data: [...data] });

describe("files of torch.save", () => {
  it.each(files)("$name", ({ file, expected }) => {
    const read = readPt(decode(file), "x.pt");
    const found =
      read instanceof Map
        ? Object.fromEntries([...read].map(([key, value]) => [key, told(value)]))
        : told(read);
    expect(found).toEqual(expected);
  });

  it.each(refused)("refused: $name", ({ file }) => {
    expect(() => readPt(decode(file), "x.pt")).toThrow(/^x\.pt: it (needs|holds)/);
  });

  it("refuses or reads damaged files, and never fails otherwise", () => {
    const sound = files.map(({ file }) => decode(file));
    fc.assert(
      fc.property(
        fc.constantFrom(...sound),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        fc.option(fc.nat()),
        (file, changes, cut) => {
          const bytes = cut === null ? file.slice() : file.slice(0, cut % file.length);
          for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
          try {
            readPt(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
            expect(error).toHaveProperty("code", "invalid-file");
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("own .pt files", () => {
  it("round-trip a bare tensor and a dict in its order, byte for byte the same each time", () => {
    fc.assert(
      fc.property(
        tensor,
        fc.array(fc.tuple(fc.string(), tensor), { minLength: 1, maxLength: 4 }),
        (bare, entries) => {
          const alone = readPt(writePt(bare));
          expect(alone instanceof Map ? null : bytesIn(alone)).toEqual(bytesIn(bare));
          const dict = new Map(entries);
          const read = readPt(writePt(dict));
          const list = (map: unknown) =>
            map instanceof Map ? [...map].map(([key, value]) => [key, bytesIn(value)]) : null;
          expect(list(read)).toEqual(list(dict));
          expect(writePt(dict)).toEqual(writePt(dict));
        },
      ),
    );
  });

  it("refuse what torch's storages lack", () => {
    expect(() => writePt({ dtype: "U16", shape: [1], data: new Uint8Array(2) })).toThrow(
      "U16 tensor cannot be written",
    );
    expect(() => writePt({ dtype: "F32", shape: [2], data: new Uint8Array(2) })).toThrow(
      "does not take 2 bytes",
    );
  });
});

describe("hostile archives", () => {
  const archive = (root: PickleNode, storage = new Uint8Array(8)) =>
    Uint8Array.from(zipSync({ "a/data.pkl": writePickle(root), "a/data/0": storage }, { level: 0 }));
  const int = (value: number): PickleNode => ({ kind: "int", value });
  const ints = (...values: number[]): PickleNode => ({ kind: "tuple", items: values.map(int) });
  const name = (module: string, member: string): PickleNode => ({ kind: "global", module, name: member });
  const storage: PickleNode = {
    kind: "persistent",
    id: {
      kind: "tuple",
      items: [
        { kind: "text", value: "storage" },
        name("torch", "FloatStorage"),
        { kind: "text", value: "0" },
        { kind: "text", value: "cpu" },
        int(2),
      ],
    },
  };
  const rebuilt = (offset: number, size: number[], stride: number[]): PickleNode => ({
    kind: "call",
    callee: name("torch._utils", "_rebuild_tensor_v2"),
    args: { kind: "tuple", items: [storage, int(offset), ints(...size), ints(...stride)] },
  });

  it("a sound one is read", () => {
    const read = readPt(archive(rebuilt(1, [1], [1]), new Uint8Array(new Float32Array([3, 4]).buffer)));
    expect(read instanceof Map ? null : [...toFloat32(read)]).toEqual([4]);
  });

  it.each([
    [
      "calls a function",
      archive({ kind: "call", callee: name("os", "system"), args: ints(1) }),
      "it needs os.system",
    ],
    ["reads past its storage", archive(rebuilt(1, [2], [1])), "needs more than the 8 bytes"],
    ["expands one value without end", archive(rebuilt(0, [2 ** 40], [0])), "needs more than the 8 bytes"],
    ["has sizes whose product overflows", archive(rebuilt(0, [2 ** 50, 2 ** 50], [0, 0])), "needs more than"],
    ["has a negative offset", archive(rebuilt(-1, [1], [1])), "description is damaged"],
    ["has fewer strides than sizes", archive(rebuilt(0, [1, 1], [1])), "description is damaged"],
    [
      "is compressed",
      Uint8Array.from(zipSync({ "a/data.pkl": new Uint8Array(1000) }, { level: 9 })),
      "is compressed",
    ],
    [
      "is not a .pt",
      Uint8Array.from(zipSync({ "a.txt": new Uint8Array(3) }, { level: 0 })),
      "holds no data.pkl",
    ],
    ["is no zip", new TextEncoder().encode("hello"), "not a whole zip archive"],
    ["is empty", new Uint8Array(0), "not a whole zip archive"],
    ["is of old torch", Uint8Array.of(0x80, 2, 0x8a, 10), "torch before 1.6"],
    ["holds no tensor", archive({ kind: "dict", entries: [] }), "holds no tensor"],
  ])("%s", (_name, bytes, message) => {
    expect(() => readPt(bytes, "x.pt")).toThrow(message);
    expect(() => readPt(bytes, "x.pt")).toThrow(/^x\.pt: /);
  });

  it("a list that holds itself ends", () => {
    // EMPTY_LIST BINPUT 0, MARK BINGET 0 BINGET 0 APPENDS: [self, self].
    const pickle = Uint8Array.of(0x80, 2, 0x5d, 0x71, 0, 0x28, 0x68, 0, 0x68, 0, 0x65, 0x2e);
    const bytes = Uint8Array.from(zipSync({ "a/data.pkl": pickle }, { level: 0 }));
    expect(() => readPt(bytes, "x.pt")).toThrow("nested too deeply");
  });
});

describe("conversion", () => {
  const vector = writeSafetensors({ vector: float32Tensor(new Float32Array([1, -2]), [2]) });
  const activations = writeSafetensors({
    activations: float32Tensor(new Float32Array([1, 2, 3, 4]), [2, 1, 2]),
    labels: int8Tensor(new Int8Array([1, 0]), [2]),
  });

  it("a vector becomes a bare tensor, other files a dict, and both come back", () => {
    const bare = readPt(convertTensorFile(vector, "safetensors", "pt", "layer3.safetensors"));
    expect(bare instanceof Map ? null : told(bare)).toEqual({
      dtype: "torch.float32",
      shape: [2],
      values: [1, -2],
    });
    const dict = readPt(convertTensorFile(activations, "safetensors", "pt", "x.safetensors"));
    expect(dict instanceof Map ? new Set(dict.keys()) : null).toEqual(new Set(["activations", "labels"]));
    for (const file of [vector, activations]) {
      const there = convertTensorFile(file, "safetensors", "pt", "x.safetensors");
      expect(convertTensorFile(there, "pt", "safetensors", "x.pt")).toEqual(file);
      expect(convertTensorFile(file, "safetensors", "safetensors", "x.safetensors")).toBe(file);
    }
  });

  it("names the file in its errors", () => {
    const odd = writeSafetensors({ a: { dtype: "U32", shape: [1], data: new Uint8Array(4) } });
    expect(() => convertTensorFile(odd, "safetensors", "pt", "odd.safetensors")).toThrow(
      /^odd\.safetensors: a U32 tensor/,
    );
    expect(() => convertTensorFile(new Uint8Array(3), "safetensors", "pt", "x.safetensors")).toThrow(
      /^x\.safetensors: /,
    );
    expect(readSafetensors(odd).tensors.size).toBe(1);
  });

  it("knows files by their names", () => {
    expect(tensorFormatOf("a/b.safetensors")).toBe("safetensors");
    expect(tensorFormatOf("a/b.pt")).toBe("pt");
    expect(tensorFormatOf("a/b.json")).toBeNull();
    expect(withTensorFormat("a/layer3.safetensors", "pt")).toBe("a/layer3.pt");
    expect(withTensorFormat("a/metadata.json", "pt")).toBe("a/metadata.json");
  });
});
