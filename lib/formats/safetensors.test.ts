import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { type Dtype, dtypeBytes, float16BitsToNumber, float32ToFloat16Bits } from "./dtypes.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import {
  elementCount,
  float16Tensor,
  float32Tensor,
  int8Tensor,
  int32Tensor,
  type Tensor,
  toFloat32,
} from "./tensor.ts";

const tensor: fc.Arbitrary<Tensor> = fc
  .record({
    dtype: fc.constantFrom(...(Object.keys(dtypeBytes) as Dtype[])),
    shape: fc.array(fc.nat(4), { maxLength: 3 }),
  })
  .chain(({ dtype, shape }) => {
    const length = elementCount(shape) * dtypeBytes[dtype];
    return fc.uint8Array({ minLength: length, maxLength: length }).map((data) => ({ dtype, shape, data }));
  });
const tensors = fc.dictionary(fc.string({ unit: "grapheme" }), tensor, { maxKeys: 5 });
const metadata = fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 });

function file(header: unknown, data: number[] = []): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const entry = (start: number, end: number, shape = [end - start], dtype = "U8") => ({
  dtype,
  shape,
  data_offsets: [start, end],
});

describe("safetensors", () => {
  it("round-trips any tensors and metadata", () => {
    fc.assert(
      fc.property(tensors, metadata, (named, notes) => {
        const read = readSafetensors(writeSafetensors(named, notes));
        expect(read.metadata).toEqual(notes);
        expect(read.tensors.size).toBe(Object.keys(named).length);
        for (const [name, { dtype, shape, data }] of Object.entries(named)) {
          const found = read.tensors.get(name);
          expect({ ...found, data: [...(found?.data ?? [])] }).toEqual({ dtype, shape, data: [...data] });
        }
      }),
    );
  });

  it("writes the same bytes whatever the order of the map, with aligned data", () => {
    const a = float32Tensor(new Float32Array([1, 2]), [2]);
    const b = int8Tensor(new Int8Array([1, 0, 1]), [3]);
    const forward = writeSafetensors(
      new Map([
        ["10", a],
        ["b", b],
        ["2", a],
      ]),
      { y: "1", x: "2" },
    );
    const backward = writeSafetensors(
      new Map([
        ["2", a],
        ["b", b],
        ["10", a],
      ]),
      { x: "2", y: "1" },
    );
    expect(forward).toEqual(backward);
    expect(new DataView(forward.buffer).getUint32(0, true) % 8).toBe(0);
    expect([...readSafetensors(forward).tensors.keys()]).toEqual(["10", "2", "b"]);
  });

  it.each([
    ["empty", new Uint8Array(0), "0 bytes are too few"],
    ["header longer than the file", file("{}").subarray(0, 9), "claims 2 bytes, but only 1 follow"],
    ["huge header", new Uint8Array(8).fill(255), "more than any real file"],
    ["not JSON", file("{x"), "not JSON"],
    [
      "not UTF-8",
      (() => {
        const f = file("{}");
        f[8] = 0xff;
        return f;
      })(),
      "not JSON in UTF-8",
    ],
    ["a list", file("[]"), "not a JSON object"],
    ["null", file("null"), "not a JSON object"],
    ["metadata of numbers", file({ __metadata__: { a: 1 } }), "object of strings"],
    ["metadata as a list", file({ __metadata__: ["a"] }), "object of strings"],
    ["no shape", file({ a: { dtype: "U8", data_offsets: [0, 0] } }), 'tensor "a" needs dtype, shape'],
    ["negative size", file({ a: entry(0, 1, [-1]) }, [1]), 'tensor "a" needs dtype, shape'],
    ["unknown dtype", file({ a: entry(0, 1, [1], "Q4") }, [1]), 'unknown dtype "Q4"'],
    ["span unlike the shape", file({ a: entry(0, 2, [1]) }, [1, 2]), "takes 1 bytes, but its offsets span 2"],
    ["reversed offsets", file({ a: entry(2, 1, [1]) }, [1, 2]), "offsets span -1"],
    ["overlap", file({ a: entry(0, 2), b: entry(1, 3) }, [1, 2, 3]), 'tensor "b" starts at byte 1, inside'],
    ["gap", file({ a: entry(0, 1), b: entry(2, 3) }, [1, 2, 3]), "1-2 are bytes of no tensor"],
    ["beyond the end", file({ a: entry(0, 4) }, [1, 2, 3]), "ends at byte 4, but the file holds 3"],
    ["bytes left over", file({ a: entry(0, 1) }, [1, 2, 3]), "2 bytes follow the last tensor"],
    ["product overflow", file({ a: entry(0, 4, [2 ** 52, 2 ** 52]) }, [1, 2, 3, 4]), "offsets span 4"],
  ])("refuses %s", (_name, bytes, message) => {
    expect(() => readSafetensors(bytes, "x.safetensors")).toThrow(message);
    expect(() => readSafetensors(bytes, "x.safetensors")).toThrow(
      /^x\.safetensors: .*write or fetch it again$/,
    );
  });

  it("refuses or reads damaged bytes, and never fails otherwise", () => {
    const sound = writeSafetensors({ a: float32Tensor(new Float32Array(4), [2, 2]) }, { note: "x" });
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), fc.nat(sound.length), (at, value, length) => {
        const bytes = sound.slice(0, length);
        if (at < bytes.length) bytes[at] = value;
        try {
          readSafetensors(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect(error).toHaveProperty("code", "invalid-file");
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("refuses to write what it could not read", () => {
    const short: Tensor = { dtype: "F32", shape: [2], data: new Uint8Array(4) };
    expect(() => writeSafetensors({ a: short })).toThrow('tensor "a" (F32 [2]) takes 8 bytes, not 4');
    expect(() => writeSafetensors({ __metadata__: short })).toThrow("cannot be named");
    expect(() => float32Tensor(new Float32Array(3), [2])).toThrow("takes 8 bytes, not 12");
  });

  const shared = new URL("../../../shared/data/graphs/reference/", import.meta.url);
  it.skipIf(!existsSync(shared))("reads files that the reference writer made", () => {
    const names = readdirSync(shared).filter((name) => name.endsWith(".safetensors"));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const { tensors: read } = readSafetensors(readFileSync(new URL(name, shared)), name);
      expect(read.size).toBeGreaterThan(0);
      for (const found of read.values()) expect(toFloat32(found)).toHaveLength(elementCount(found.shape));
    }
  });
});

describe("numbers of a tensor", () => {
  const of = (dtype: Dtype, values: ArrayBufferView, length: number): Tensor => ({
    dtype,
    shape: [length],
    data: new Uint8Array(values.buffer as ArrayBuffer),
  });

  it.each([
    ["F64", of("F64", new Float64Array([0.1, -2]), 2), [Math.fround(0.1), -2]],
    ["I64", of("I64", new BigInt64Array([-3n, 2n ** 40n]), 2), [-3, 2 ** 40]],
    ["U64", of("U64", new BigUint64Array([2n ** 63n]), 1), [2 ** 63]],
    ["I32", int32Tensor(new Int32Array([-5, 7]), [2]), [-5, 7]],
    ["U32", of("U32", new Uint32Array([4294967295]), 1), [4294967296]],
    ["I16", of("I16", new Int16Array([-5]), 1), [-5]],
    ["U16", of("U16", new Uint16Array([65535]), 1), [65535]],
    ["I8", int8Tensor(new Int8Array([-1, 1]), [2]), [-1, 1]],
    ["U8", of("U8", new Uint8Array([255]), 1), [255]],
    ["BOOL", of("BOOL", new Uint8Array([1, 0]), 2), [1, 0]],
    ["BF16", of("BF16", new Uint16Array([0x3fc0, 0xc040]), 2), [1.5, -3]],
    [
      "F16",
      float16Tensor(new Float32Array([1.5, -65504, 1e9]), [3]),
      [1.5, -65504, Number.POSITIVE_INFINITY],
    ],
  ])("%s", (_name, given, expected) => {
    expect([...toFloat32(given)]).toEqual(expected);
  });

  it("come from unaligned bytes, and are a copy", () => {
    const bytes = new Uint8Array(9);
    bytes.set(new Uint8Array(new Float32Array([3, 4]).buffer), 1);
    const given: Tensor = { dtype: "F32", shape: [2], data: bytes.subarray(1) };
    const values = toFloat32(given);
    bytes.fill(0);
    expect([...values]).toEqual([3, 4]);
  });

  it("says which dtype it cannot read", () => {
    expect(() => toFloat32({ dtype: "F8_E4M3", shape: [1], data: new Uint8Array(1) })).toThrow("F8_E4M3");
  });

  it("halves: every bit pattern survives, and a number goes to the nearest half, ties to even", () => {
    const finite = Array.from({ length: 0x7c00 }, (_, bits) => float16BitsToNumber(bits));
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = float16BitsToNumber(bits);
      if (Number.isNaN(value)) expect(float32ToFloat16Bits(value) & 0x7fff).toBe(0x7e00);
      else if (float32ToFloat16Bits(value) !== bits)
        expect.unreachable(`bits ${bits} became ${float32ToFloat16Bits(value)}`);
    }
    for (let bits = 0; bits < 0x7bff; bits++) {
      const low = finite[bits] as number;
      const middle = (low + (finite[bits + 1] as number)) / 2;
      const even = bits % 2 === 0 ? bits : bits + 1;
      if (float32ToFloat16Bits(middle) !== even) expect.unreachable(`tie above ${low}`);
    }
    expect(float32ToFloat16Bits(65519.99)).toBe(0x7bff);
    expect(float32ToFloat16Bits(65520)).toBe(0x7c00);
  });
});
