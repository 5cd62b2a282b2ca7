import { AppError } from "#lib/core/errors.ts";
import type { Dtype } from "./dtypes.ts";
import { elementCount, type Tensor } from "./tensor.ts";

// GGUF (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md): header, typed metadata, tensor directory, data.

const MAGIC = 0x46554747;
const VERSION = 3;
const ALIGNMENT = 32;

/** What Tiller writes; a file may hold more kinds of numbers, which are read as `number`, and lists. */
export type GgufValue = string | number | boolean | GgufValue[];

export interface GgufFile {
  metadata: Map<string, GgufValue>;
  tensors: Map<string, Tensor>;
}

const TYPES = {
  uint8: 0,
  int8: 1,
  uint16: 2,
  int16: 3,
  uint32: 4,
  int32: 5,
  float32: 6,
  bool: 7,
  string: 8,
  array: 9,
  uint64: 10,
  int64: 11,
  float64: 12,
} as const;

// ggml's types whose values are plain numbers; the quantised ones hold no control vector.
const ggmlTypes: Partial<Record<Dtype, number>> = { F32: 0, F16: 1, F64: 28, BF16: 30 };
const dtypeOfGgml = new Map(
  Object.entries(ggmlTypes).map(([dtype, type]) => [type, { dtype: dtype as Dtype }]),
);
const widths: Record<number, number> = { 0: 4, 1: 2, 28: 8, 30: 2 };

/**
 * Writes GGUF v3, little-endian, alignment 32: texts as strings, whole numbers as uint32. Equal content gives equal bytes.
 * Throws `invalid-input` for a dtype that is no plain float and for numbers that are no uint32.
 */
export function writeGguf(
  metadata: ReadonlyMap<string, string | number>,
  tensors: ReadonlyMap<string, Tensor>,
): Uint8Array<ArrayBuffer> {
  const out = new Writer();
  out.u32(MAGIC).u32(VERSION).u64(tensors.size).u64(metadata.size);
  for (const [key, value] of metadata) {
    out.text(key);
    if (typeof value === "string") out.u32(TYPES.string).text(value);
    else out.u32(TYPES.uint32).u32(value);
  }
  let offset = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    const type = ggmlTypes[dtype];
    if (type === undefined)
      throw new AppError("invalid-input", `GGUF: ${name} is ${dtype}: convert it to F32 first`);
    out.text(name).u32(shape.length);
    // ggml names the fastest axis first.
    for (const size of shape.toReversed()) out.u64(size);
    out.u32(type).u64(offset);
    offset = aligned(offset + data.byteLength);
  }
  out.pad();
  for (const { data } of tensors.values()) out.bytes(data).pad();
  return out.take();
}

function aligned(position: number, to = ALIGNMENT): number {
  return Math.ceil(position / to) * to;
}

class Writer {
  #bytes = new Uint8Array(1024);
  #at = 0;

  #room(count: number): DataView {
    if (this.#at + count > this.#bytes.byteLength) {
      const grown = new Uint8Array(Math.max(this.#bytes.byteLength * 2, this.#at + count));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    return new DataView(this.#bytes.buffer);
  }

  u32(value: number): this {
    if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
      throw new AppError("invalid-input", `GGUF: ${value} is no whole number from 0 to 4294967295`);
    }
    this.#room(4).setUint32(this.#at, value, true);
    this.#at += 4;
    return this;
  }

  u64(value: number): this {
    this.#room(8).setBigUint64(this.#at, BigInt(value), true);
    this.#at += 8;
    return this;
  }

  bytes(data: Uint8Array): this {
    this.#room(data.byteLength);
    this.#bytes.set(data, this.#at);
    this.#at += data.byteLength;
    return this;
  }

  text(value: string): this {
    const data = new TextEncoder().encode(value);
    return this.u64(data.byteLength).bytes(data);
  }

  pad(): this {
    return this.bytes(new Uint8Array(aligned(this.#at) - this.#at));
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at);
  }
}

/**
 * Reads a little-endian GGUF of version 2 or 3. Tensors are views into `bytes`.
 * @param file name used in error messages
 * Throws `invalid-file` for damage, for other versions and for tensors that are quantised.
 */
export function readGguf(bytes: Uint8Array, file = "GGUF file"): GgufFile {
  const input = new Reader(bytes, file);
  if (input.u32() !== MAGIC) return input.fail('it does not begin with "GGUF"');
  const version = input.u32();
  if (version !== 2 && version !== 3) return input.fail(`its version is ${version}; 2 and 3 can be read`);
  const tensorCount = input.size();
  const metadataCount = input.size();
  const metadata = new Map<string, GgufValue>();
  for (let at = 0; at < metadataCount; at++) metadata.set(input.text(), input.value(input.u32()));
  const entries: { name: string; shape: number[]; type: number; offset: number }[] = [];
  for (let at = 0; at < tensorCount; at++) {
    const name = input.text();
    const shape = Array.from({ length: input.count(input.u32(), 8) }, () => input.size()).reverse();
    entries.push({ name, shape, type: input.u32(), offset: input.size() });
  }
  const alignment = metadata.get("general.alignment") ?? ALIGNMENT;
  if (typeof alignment !== "number" || alignment < 1) return input.fail("its alignment is no number");
  const start = aligned(input.position, alignment);
  const tensors = new Map<string, Tensor>();
  for (const { name, shape, type, offset } of entries) {
    const found = dtypeOfGgml.get(type);
    if (!found)
      return input.fail(`tensor ${JSON.stringify(name)} is quantised (ggml type ${type}): export it as F32`);
    const from = start + offset;
    const to = from + elementCount(shape) * (widths[type] ?? 0);
    if (to > bytes.byteLength) return input.fail(`tensor ${JSON.stringify(name)} ends past the file`);
    tensors.set(name, { dtype: found.dtype, shape, data: bytes.subarray(from, to) });
  }
  return { metadata, tensors };
}

class Reader {
  position = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
  }

  fail(problem: string): never {
    throw new AppError(
      "invalid-file",
      `${this.#file}: ${problem}; the file is damaged or no GGUF control vector: write or fetch it again`,
    );
  }

  /** Moves on by `count` bytes and gives where they begin. */
  #take(count: number): number {
    const at = this.position;
    if (count > this.#bytes.byteLength - at) this.fail("it ends in the middle");
    this.position += count;
    return at;
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** A uint64 that counts things in this file. */
  size(): number {
    const value = this.#view.getBigUint64(this.#take(8), true);
    if (value > BigInt(this.#bytes.byteLength))
      this.fail(`it claims ${value} of something, more than it has bytes`);
    return Number(value);
  }

  /** `count` things of at least `width` bytes each must fit what is left. */
  count(count: number, width: number): number {
    if (count * width > this.#bytes.byteLength - this.position) this.fail("it ends in the middle");
    return count;
  }

  text(): string {
    const length = this.size();
    const at = this.#take(length);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(this.#bytes.subarray(at, at + length));
    } catch {
      return this.fail("a text in it is not UTF-8");
    }
  }

  value(type: number, depth = 0): GgufValue {
    const view = this.#view;
    switch (type) {
      case TYPES.uint8:
        return view.getUint8(this.#take(1));
      case TYPES.int8:
        return view.getInt8(this.#take(1));
      case TYPES.uint16:
        return view.getUint16(this.#take(2), true);
      case TYPES.int16:
        return view.getInt16(this.#take(2), true);
      case TYPES.uint32:
        return this.u32();
      case TYPES.int32:
        return view.getInt32(this.#take(4), true);
      case TYPES.float32:
        return view.getFloat32(this.#take(4), true);
      case TYPES.bool:
        return view.getUint8(this.#take(1)) !== 0;
      case TYPES.string:
        return this.text();
      case TYPES.uint64:
        return Number(view.getBigUint64(this.#take(8), true));
      case TYPES.int64:
        return Number(view.getBigInt64(this.#take(8), true));
      case TYPES.float64:
        return view.getFloat64(this.#take(8), true);
      case TYPES.array: {
        if (depth > 4) return this.fail("its lists are nested too deeply");
        const of = this.u32();
        const length = this.count(this.size(), 1);
        return Array.from({ length }, () => this.value(of, depth + 1));
      }
      default:
        return this.fail(`it holds a value of unknown type ${type}`);
    }
  }
}
