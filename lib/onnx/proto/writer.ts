import { wireType } from "./wire.ts";

const encoder = new TextEncoder();

/** A protobuf message under construction: parts are kept by reference and joined once at the end. */
export class Message {
  private readonly parts: Uint8Array[] = [];
  byteLength = 0;

  /** Appends bytes that already are whole fields (tag included). */
  raw(bytes: Uint8Array): this {
    this.parts.push(bytes);
    this.byteLength += bytes.byteLength;
    return this;
  }

  varint(field: number, value: number): this {
    return this.raw(varintBytes(field * 8 + wireType.varint)).raw(varintBytes(value));
  }

  bytes(field: number, content: Uint8Array): this {
    return this.header(field, content.byteLength).raw(content);
  }

  text(field: number, content: string): this {
    return this.bytes(field, encoder.encode(content));
  }

  message(field: number, content: Message): this {
    this.header(field, content.byteLength);
    for (const part of content.parts) this.raw(part);
    return this;
  }

  /** The finished message in one buffer. */
  finish(): Uint8Array {
    const joined = new Uint8Array(this.byteLength);
    let at = 0;
    for (const part of this.parts) {
      joined.set(part, at);
      at += part.byteLength;
    }
    return joined;
  }

  private header(field: number, length: number): this {
    return this.raw(varintBytes(field * 8 + wireType.bytes)).raw(varintBytes(length));
  }
}

/** A signed integer (|value| < 2^53) as a protobuf varint. */
export function varintBytes(value: number): Uint8Array {
  if (value >= 0 && value < 128) return Uint8Array.of(value);
  if (value < 0) return negativeVarint(value);
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** Negative numbers are written as their 64-bit two's complement, always 10 bytes. */
function negativeVarint(value: number): Uint8Array {
  const bits = BigInt.asUintN(64, BigInt(value));
  return Uint8Array.from({ length: 10 }, (_, at) => {
    const part = Number((bits >> BigInt(7 * at)) & 0x7fn);
    return at < 9 ? part | 0x80 : part;
  });
}
