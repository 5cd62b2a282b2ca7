import { int64Type } from "../element-types.ts";
import type { Attribute, Node, Tensor, Value } from "../proto/messages.ts";
import { Message } from "../proto/writer.ts";

const INT = 2; // AttributeProto.AttributeType
const INTS = 7;

/** A node of ONNX's own operator set; named after its first output. */
export function makeNode(
  opType: string,
  inputs: string[],
  output: string,
  attributes: Record<string, number | number[]> = {},
): Node {
  return {
    name: `node.${output}`,
    opType,
    domain: "",
    inputs,
    outputs: [output],
    attributes: Object.entries(attributes).map(([name, value]) => makeAttribute(name, value)),
    rest: [],
  };
}

function makeAttribute(name: string, value: number | number[]): Attribute {
  const message = new Message().text(1, name);
  if (typeof value === "number") message.varint(3, value).varint(20, INT);
  else {
    for (const item of value) message.varint(8, item);
    message.varint(20, INTS);
  }
  const [int, ints] = typeof value === "number" ? [value, []] : [null, value];
  return { name, int, ints, graph: null, tensor: null, rest: [message.finish()] };
}

/** An int64 initializer: a scalar, or a vector. */
export function int64Tensor(name: string, value: number | readonly number[]): Tensor {
  const values = typeof value === "number" ? [value] : value;
  const raw = new Uint8Array(values.length * 8);
  const view = new DataView(raw.buffer);
  values.forEach((item, at) => {
    view.setBigInt64(at * 8, BigInt(item), true);
  });
  const dims = typeof value === "number" ? [] : [values.length];
  const header = new Message();
  for (const dim of dims) header.varint(1, dim);
  header.varint(2, int64Type);
  return {
    name,
    dims,
    dataType: int64Type,
    content: null,
    raw,
    external: new Map(),
    rest: [header.finish()],
  };
}

/** A public input or output. */
export function makeValue(name: string, elementType: number, dims: (number | string | null)[]): Value {
  return { name, elementType, dims, raw: null };
}
