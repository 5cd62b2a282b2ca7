import { instrumentError } from "../errors.ts";

/** Protobuf wire types that ONNX uses. */
export const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Random access to a model file that need not be in memory. A Uint8Array serves as one through `bytesSource`. */
export interface ByteSource {
  readonly byteLength: number;
  /** Bytes [start, end), 0 <= start <= end <= byteLength; may be a view. */
  read(start: number, end: number): Uint8Array;
}

/** A source over bytes in memory; `read` never copies. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return { byteLength: bytes.byteLength, read: (start, end) => bytes.subarray(start, end) };
}

const MAX_HEADER = 20; // a tag and a length, 10 bytes each

/**
 * Walks the fields of one protobuf message in a source: `while (fields.next()) …`.
 * Reads only tags and lengths; content is fetched on demand. Throws `instrument` (truncated, not-onnx).
 */
export class Fields {
  /** Field number, wire type and, for varints, the value (signed; exact to 2^53). */
  number = 0;
  wire = 0;
  value = 0;
  /** Offsets in the source: of the tag, of the content, and just past the content. */
  tagStart = 0;
  start = 0;
  stop: number;
  private readonly source: ByteSource;
  private readonly end: number;

  constructor(source: ByteSource, start = 0, end = source.byteLength) {
    this.source = source;
    this.end = end;
    this.stop = start;
  }

  next(): boolean {
    if (this.stop >= this.end) return false;
    this.tagStart = this.stop;
    const head = this.source.read(this.tagStart, Math.min(this.tagStart + MAX_HEADER, this.end));
    const tag = readVarint(head, 0);
    this.number = Math.floor(tag.value / 8);
    this.wire = tag.value % 8;
    if (this.number < 1 || this.number > 0x1fffffff) {
      throw instrumentError("not-onnx", `no protobuf field at byte ${this.tagStart}`);
    }
    this.start = this.tagStart + tag.size;
    // Reading the length moves `start`, so it comes first.
    const size = this.sizeOf(head, tag.size);
    this.stop = this.start + size;
    if (this.stop > this.end) {
      throw instrumentError(
        "truncated",
        `the model ends inside a field that starts at byte ${this.tagStart}`,
      );
    }
    return true;
  }

  private sizeOf(head: Uint8Array, at: number): number {
    if (this.wire === wireType.varint) {
      const read = readVarint(head, at);
      this.value = read.value;
      return read.size;
    }
    if (this.wire === wireType.bytes) {
      const length = readVarint(head, at);
      if (length.value < 0) throw instrumentError("not-onnx", `a negative length at byte ${this.tagStart}`);
      this.start += length.size;
      return length.value;
    }
    if (this.wire === wireType.fixed32) return 4;
    if (this.wire === wireType.fixed64) return 8;
    throw instrumentError("not-onnx", `unknown protobuf wire type ${this.wire} at byte ${this.tagStart}`);
  }

  /** The content's bytes (without tag and length). */
  content(): Uint8Array {
    return this.source.read(this.start, this.stop);
  }

  /** Tag, length and content, to be written elsewhere unchanged. */
  whole(): Uint8Array {
    return this.source.read(this.tagStart, this.stop);
  }

  text(): string {
    this.expect(wireType.bytes);
    return decodeText(this.content(), this.start);
  }

  /** Throws `not-onnx` unless the field has this wire type. */
  expect(wire: number): void {
    if (this.wire !== wire) {
      throw instrumentError(
        "not-onnx",
        `field ${this.number} at byte ${this.tagStart} has wire type ${this.wire}, expected ${wire}`,
      );
    }
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true });

function decodeText(bytes: Uint8Array, at: number): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw instrumentError("not-onnx", `text at byte ${at} is not UTF-8`);
  }
}

/** Reads a base-128 varint as a signed 64-bit number (exact to 2^53). Throws `truncated` or `not-onnx`. */
export function readVarint(bytes: Uint8Array, at: number): { value: number; size: number } {
  const parts: [low: number, middle: number, high: number] = [0, 0, 0];
  for (let size = 0; size < 10; size++) {
    const byte = bytes[at + size];
    if (byte === undefined) throw instrumentError("truncated", "the model ends inside a number");
    const part = size < 4 ? 0 : size < 8 ? 1 : 2;
    parts[part] += (byte & 0x7f) * 2 ** (7 * (size - part * 4));
    if (byte < 0x80) return { value: signed(parts), size: size + 1 };
  }
  throw instrumentError("not-onnx", "a number is longer than 64 bits");
}

// The parts hold 28, 28 and 8 bits; summing from the top keeps small negative numbers exact.
function signed([low, middle, high]: [number, number, number]): number {
  const top = high % 256;
  return (top >= 128 ? top - 256 : top) * 2 ** 56 + middle * 2 ** 28 + low;
}

/** All varints of a packed repeated field. */
export function unpackVarints(bytes: Uint8Array): number[] {
  const values: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { value, size } = readVarint(bytes, at);
    values.push(value);
    at += size;
  }
  return values;
}
