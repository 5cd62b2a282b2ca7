import { instrumentError } from "./errors.ts";
import { bytesSource, Fields, unpackVarints, wireType } from "./proto/wire.ts";
import { Message } from "./proto/writer.ts";

// The part of onnx.proto that the instrumenter reads; every other field is carried byte for byte.

/** One attribute: the value kinds that are read, and the whole as it stood. */
export interface Attribute {
  name: string;
  int: number | null;
  ints: number[];
  text: string | null;
  graph: Graph | null;
  tensor: Tensor | null;
  /** Encoded fields except the graph's, written back when a graph is present. */
  rest: Uint8Array[];
}

export interface Node {
  name: string;
  opType: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: Attribute[];
  /** Other encoded fields (doc string, metadata). */
  rest: Uint8Array[];
}

/** A tensor's header. `content` is where its raw bytes lie in the file, not the bytes. */
export interface Tensor {
  name: string;
  dims: number[];
  dataType: number;
  content: { start: number; end: number } | null;
  /** Location, offset, length … of weights outside the file. */
  external: Map<string, string>;
  /** Encoded fields other than name, raw data and external data. */
  rest: Uint8Array[];
  /** Small raw data kept in place. */
  raw: Uint8Array | null;
}

export interface Value {
  name: string;
  elementType: number;
  /** Null where the file gives no shape. */
  dims: (number | string | null)[] | null;
  raw: Uint8Array | null;
}

export interface Graph {
  nodes: Node[];
  initializers: Tensor[];
  inputs: Value[];
  outputs: Value[];
  valueInfo: Value[];
  rest: Uint8Array[];
}

export interface Model {
  graph: Graph;
  opsets: Map<string, number>;
  producer: string;
  rest: Uint8Array[];
}

// Depth of nested subgraphs; a hostile file must not exhaust the stack.
const MAX_DEPTH = 16;

/** Reads a model's structure without touching its weights. Throws `instrument` (not-onnx, truncated). */
export function parseModel(bytes: Uint8Array): Model {
  const model = {
    graph: null as Graph | null,
    opsets: new Map<string, number>(),
    producer: "",
    rest: [] as Uint8Array[],
  };
  const fields = new Fields(bytesSource(bytes));
  while (fields.next()) {
    if (fields.number === 7) {
      fields.expect(wireType.bytes);
      model.graph = parseGraph(bytes, fields.start, fields.stop, 0);
      continue;
    }
    if (fields.number === 2) model.producer = fields.text();
    if (fields.number === 8) readOpset(bytes, fields, model.opsets);
    model.rest.push(fields.whole());
  }
  const { graph } = model;
  if (graph === null || graph.nodes.length === 0)
    throw instrumentError("not-onnx", "the file holds no ONNX graph");
  return { ...model, graph };
}

function readOpset(bytes: Uint8Array, at: Fields, opsets: Map<string, number>): void {
  const fields = inside(bytes, at);
  let domain = "";
  let version = 0;
  while (fields.next()) {
    if (fields.number === 1) domain = fields.text();
    if (fields.number === 2) version = fields.value;
  }
  opsets.set(domain, version);
}

function inside(bytes: Uint8Array, field: Fields): Fields {
  field.expect(wireType.bytes);
  return new Fields(bytesSource(bytes), field.start, field.stop);
}

function parseGraph(bytes: Uint8Array, start: number, end: number, depth: number): Graph {
  if (depth > MAX_DEPTH) throw instrumentError("not-onnx", "subgraphs are nested too deeply");
  const graph: Graph = { nodes: [], initializers: [], inputs: [], outputs: [], valueInfo: [], rest: [] };
  const fields = new Fields(bytesSource(bytes), start, end);
  while (fields.next()) {
    if (fields.number === 1) graph.nodes.push(parseNode(bytes, fields, depth));
    else if (fields.number === 5) graph.initializers.push(parseTensor(bytes, fields));
    else if (fields.number === 11) graph.inputs.push(parseValue(bytes, fields));
    else if (fields.number === 12) graph.outputs.push(parseValue(bytes, fields));
    else if (fields.number === 13) graph.valueInfo.push(parseValue(bytes, fields));
    else graph.rest.push(fields.whole());
  }
  return graph;
}

function parseNode(bytes: Uint8Array, at: Fields, depth: number): Node {
  const node: Node = { name: "", opType: "", domain: "", inputs: [], outputs: [], attributes: [], rest: [] };
  const fields = inside(bytes, at);
  while (fields.next()) {
    if (fields.number === 1) node.inputs.push(fields.text());
    else if (fields.number === 2) node.outputs.push(fields.text());
    else if (fields.number === 3) node.name = fields.text();
    else if (fields.number === 4) node.opType = fields.text();
    else if (fields.number === 5) node.attributes.push(parseAttribute(bytes, fields, depth));
    else if (fields.number === 7) node.domain = fields.text();
    else node.rest.push(fields.whole());
  }
  return node;
}

function parseAttribute(bytes: Uint8Array, at: Fields, depth: number): Attribute {
  const attribute: Attribute = {
    name: "",
    int: null,
    ints: [],
    text: null,
    graph: null,
    tensor: null,
    rest: [],
  };
  const fields = inside(bytes, at);
  while (fields.next()) {
    if (fields.number === 6) {
      fields.expect(wireType.bytes);
      attribute.graph = parseGraph(bytes, fields.start, fields.stop, depth + 1);
      continue;
    }
    if (fields.number === 1) attribute.name = fields.text();
    else if (fields.number === 3) attribute.int = fields.value;
    else if (fields.number === 4 && fields.stop - fields.start < 256)
      attribute.text = new TextDecoder().decode(fields.content());
    else if (fields.number === 5) attribute.tensor = parseTensor(bytes, fields);
    else if (fields.number === 8) attribute.ints.push(...numbers(fields));
    attribute.rest.push(fields.whole());
  }
  return attribute;
}

function numbers(fields: Fields): number[] {
  return fields.wire === wireType.varint ? [fields.value] : unpackVarints(fields.content());
}

function parseTensor(bytes: Uint8Array, at: Fields): Tensor {
  const tensor: Tensor = {
    name: "",
    dims: [],
    dataType: 0,
    content: null,
    external: new Map(),
    rest: [],
    raw: null,
  };
  const fields = inside(bytes, at);
  while (fields.next()) {
    if (fields.number === 8) {
      tensor.name = fields.text();
      continue;
    }
    if (fields.number === 9) {
      fields.expect(wireType.bytes);
      tensor.content = { start: fields.start, end: fields.stop };
      tensor.raw = fields.content();
      continue;
    }
    if (fields.number === 13) {
      readExternal(bytes, fields, tensor.external);
      continue;
    }
    if (fields.number === 1) tensor.dims.push(...numbers(fields));
    else if (fields.number === 2) tensor.dataType = fields.value;
    // data_location is written back from `external`.
    if (fields.number !== 14) tensor.rest.push(fields.whole());
  }
  return tensor;
}

function readExternal(bytes: Uint8Array, at: Fields, into: Map<string, string>): void {
  const fields = inside(bytes, at);
  let key = "";
  let value = "";
  while (fields.next()) {
    if (fields.number === 1) key = fields.text();
    if (fields.number === 2) value = fields.text();
  }
  into.set(key, value);
}

function parseValue(bytes: Uint8Array, at: Fields): Value {
  const value: Value = { name: "", elementType: 0, dims: null, raw: at.content() };
  const fields = inside(bytes, at);
  while (fields.next()) {
    if (fields.number === 1) value.name = fields.text();
    if (fields.number !== 2) continue;
    const type = inside(bytes, fields);
    while (type.next()) {
      if (type.number !== 1) continue;
      const tensor = inside(bytes, type);
      while (tensor.next()) {
        if (tensor.number === 1) value.elementType = tensor.value;
        if (tensor.number === 2) value.dims = parseShape(bytes, tensor);
      }
    }
  }
  return value;
}

function parseShape(bytes: Uint8Array, at: Fields): (number | string | null)[] {
  const dims: (number | string | null)[] = [];
  const fields = inside(bytes, at);
  while (fields.next()) {
    if (fields.number !== 1) continue;
    const dim = inside(bytes, fields);
    let size: number | string | null = null;
    while (dim.next()) {
      if (dim.number === 1) size = dim.value;
      if (dim.number === 2) size = dim.text();
    }
    dims.push(size);
  }
  return dims;
}

/** The model as an ONNX file. */
export function encodeModel(model: Model): Uint8Array {
  const message = new Message();
  for (const field of model.rest) message.raw(field);
  return message.message(7, encodeGraph(model.graph)).finish();
}

function encodeGraph(graph: Graph): Message {
  const message = new Message();
  for (const node of graph.nodes) message.message(1, encodeNode(node));
  for (const tensor of graph.initializers) message.message(5, encodeTensor(tensor));
  for (const value of graph.inputs) message.message(11, encodeValue(value));
  for (const value of graph.outputs) message.message(12, encodeValue(value));
  for (const value of graph.valueInfo) message.message(13, encodeValue(value));
  for (const field of graph.rest) message.raw(field);
  return message;
}

function encodeNode(node: Node): Message {
  const message = new Message();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  if (node.name) message.text(3, node.name);
  message.text(4, node.opType);
  for (const attribute of node.attributes) {
    const encoded = new Message();
    for (const field of attribute.rest) encoded.raw(field);
    if (attribute.graph) encoded.message(6, encodeGraph(attribute.graph));
    message.message(5, encoded);
  }
  if (node.domain) message.text(7, node.domain);
  for (const field of node.rest) message.raw(field);
  return message;
}

function encodeTensor(tensor: Tensor): Message {
  const message = new Message();
  for (const field of tensor.rest) message.raw(field);
  message.text(8, tensor.name);
  if (tensor.external.size > 0) {
    for (const [key, value] of tensor.external)
      message.message(13, new Message().text(1, key).text(2, value));
    message.varint(14, 1);
  } else if (tensor.raw) message.bytes(9, tensor.raw);
  return message;
}

function encodeValue(value: Value): Message {
  if (value.raw) return new Message().raw(value.raw);
  const type = new Message().varint(1, value.elementType);
  if (value.dims) {
    const shape = new Message();
    for (const dim of value.dims) {
      const encoded = new Message();
      if (typeof dim === "number") encoded.varint(1, dim);
      else if (dim !== null) encoded.text(2, dim);
      shape.message(1, encoded);
    }
    type.message(2, shape);
  }
  return new Message().text(1, value.name).message(2, new Message().message(1, type));
}
