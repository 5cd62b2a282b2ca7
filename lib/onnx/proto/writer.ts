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
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 128n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
