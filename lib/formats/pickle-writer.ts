/** What `writePickle` can say, as a tree: a pickle's text is then a walk over it. */
export type PickleNode =
  | { kind: "int"; value: number }
  | { kind: "text"; value: string }
  | { kind: "bool"; value: boolean }
  | { kind: "global"; module: string; name: string }
  | { kind: "tuple"; items: PickleNode[] }
  | { kind: "dict"; entries: [PickleNode, PickleNode][] }
  | { kind: "persistent"; id: PickleNode }
  | { kind: "call"; callee: PickleNode; args: PickleNode };

/** Pickle protocol 2, the one `torch.save` writes. Integers must lie in ±2^53. */
export function writePickle(root: PickleNode): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [0x80, 2];
  write(root, bytes);
  bytes.push(0x2e);
  return Uint8Array.from(bytes);
}

function write(node: PickleNode, out: number[]): void {
  switch (node.kind) {
    case "int":
      writeInteger(node.value, out);
      return;
    case "text": {
      const text = new TextEncoder().encode(node.value);
      out.push(0x58, ...uint32(text.length));
      for (const byte of text) out.push(byte);
      return;
    }
    case "bool":
      out.push(node.value ? 0x88 : 0x89);
      return;
    case "global":
      out.push(0x63, ...new TextEncoder().encode(`${node.module}\n${node.name}\n`));
      return;
    case "tuple":
      if (node.items.length === 0) {
        out.push(0x29);
        return;
      }
      out.push(0x28);
      for (const item of node.items) write(item, out);
      out.push(0x74);
      return;
    case "dict":
      out.push(0x7d, 0x28);
      for (const [key, value] of node.entries) {
        write(key, out);
        write(value, out);
      }
      out.push(0x75);
      return;
    case "persistent":
      write(node.id, out);
      out.push(0x51);
      return;
    case "call":
      write(node.callee, out);
      write(node.args, out);
      out.push(0x52);
  }
}

function writeInteger(value: number, out: number[]): void {
  if (value >= -(2 ** 31) && value < 2 ** 31) {
    out.push(0x4a, ...uint32(value));
    return;
  }
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
  out.push(0x8a, 8, ...bytes);
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
