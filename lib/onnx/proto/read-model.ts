import { instrumentError } from "../errors.ts";
import {
  type Attribute,
  type Graph,
  type Model,
  type Node,
  SMALL_TENSOR_BYTES,
  type Tensor,
  type Value,
} from "./messages.ts";
import { type ByteSource, bytesSource, Fields, unpackVarints, wireType } from "./wire.ts";

// A hostile file must exhaust neither the stack nor the memory: real graphs nest 1-2 deep and hold < 100,000 nodes.
const MAX_DEPTH = 8;
const MAX_ENTRIES = 2_000_000;

/**
 * Reads a model's structure; weights are skipped, so that only a few MB of a large file are touched.
 * Throws `instrument` (not-onnx, truncated).
 */
export function readModel(model: Uint8Array | ByteSource): Model {
  const source = model instanceof Uint8Array ? bytesSource(model) : model;
  if (source.byteLength === 0) throw instrumentError("truncated", "the model file is empty");
  return new ModelReader(source).model();
}

class ModelReader {
  private readonly source: ByteSource;
  private entries = 0;

  constructor(source: ByteSource) {
    this.source = source;
  }

  model(): Model {
    const opsets = new Map<string, number>();
    const rest: Uint8Array[] = [];
    let producer = "";
    let graph: Graph | null = null;
    const fields = new Fields(this.source);
    while (fields.next()) {
      if (fields.number === 7) {
        graph = this.graph(fields, 0);
        continue;
      }
      if (fields.number === 2) producer = fields.text();
      if (fields.number === 8) this.opset(fields, opsets);
      rest.push(fields.whole());
    }
    if (graph === null || graph.nodes.length === 0) {
      throw instrumentError("not-onnx", "the file holds no ONNX graph");
    }
    // Operator sets are written after the graph: without them the end of the file is missing.
    if (opsets.size === 0) throw instrumentError("truncated", "the model names no operator set");
    return { graph, opsets, producer, rest };
  }

  private inside(field: Fields): Fields {
    field.expect(wireType.bytes);
    this.entries++;
    if (this.entries > MAX_ENTRIES) {
      throw instrumentError("not-onnx", `the graph has more than ${MAX_ENTRIES} parts`);
    }
    return new Fields(this.source, field.start, field.stop);
  }

  private opset(at: Fields, opsets: Map<string, number>): void {
    const fields = this.inside(at);
    let domain = "";
    let version = 0;
    while (fields.next()) {
      if (fields.number === 1) domain = fields.text();
      if (fields.number === 2) version = fields.value;
    }
    opsets.set(domain === "ai.onnx" ? "" : domain, version);
  }

  private graph(at: Fields, depth: number): Graph {
    if (depth > MAX_DEPTH) throw instrumentError("not-onnx", "subgraphs are nested too deeply");
    const graph: Graph = { nodes: [], initializers: [], inputs: [], outputs: [], valueInfo: [], rest: [] };
    const fields = this.inside(at);
    while (fields.next()) {
      if (fields.number === 1) graph.nodes.push(this.node(fields, depth));
      else if (fields.number === 5) graph.initializers.push(this.tensor(fields));
      else if (fields.number === 11) graph.inputs.push(this.value(fields));
      else if (fields.number === 12) graph.outputs.push(this.value(fields));
      else if (fields.number === 13) graph.valueInfo.push(this.value(fields));
      else graph.rest.push(fields.whole());
    }
    return graph;
  }

  private node(at: Fields, depth: number): Node {
    const node: Node = {
      name: "",
      opType: "",
      domain: "",
      inputs: [],
      outputs: [],
      attributes: [],
      rest: [],
    };
    const fields = this.inside(at);
    while (fields.next()) {
      if (fields.number === 1) node.inputs.push(fields.text());
      else if (fields.number === 2) node.outputs.push(fields.text());
      else if (fields.number === 3) node.name = fields.text();
      else if (fields.number === 4) node.opType = fields.text();
      else if (fields.number === 5) node.attributes.push(this.attribute(fields, depth));
      else if (fields.number === 7) node.domain = fields.text();
      else node.rest.push(fields.whole());
    }
    if (node.domain === "ai.onnx") node.domain = "";
    return node;
  }

  private attribute(at: Fields, depth: number): Attribute {
    const attribute: Attribute = { name: "", int: null, ints: [], graph: null, tensor: null, rest: [] };
    const fields = this.inside(at);
    while (fields.next()) {
      if (fields.number === 6) {
        attribute.graph = this.graph(fields, depth + 1);
        continue;
      }
      if (fields.number === 1) attribute.name = fields.text();
      else if (fields.number === 3) attribute.int = fields.value;
      else if (fields.number === 5) attribute.tensor = this.tensor(fields);
      else if (fields.number === 8) appendNumbers(fields, attribute.ints);
      attribute.rest.push(fields.whole());
    }
    return attribute;
  }

  private tensor(at: Fields): Tensor {
    const tensor: Tensor = {
      name: "",
      dims: [],
      dataType: 0,
      content: null,
      raw: null,
      external: new Map(),
      rest: [],
    };
    const fields = this.inside(at);
    while (fields.next()) {
      if (fields.number === 8) tensor.name = fields.text();
      else if (fields.number === 9) {
        fields.expect(wireType.bytes);
        tensor.content = { start: fields.start, end: fields.stop };
        tensor.raw = fields.stop - fields.start < SMALL_TENSOR_BYTES ? fields.content() : null;
      } else if (fields.number === 13) this.keyValue(fields, tensor.external);
      else {
        if (fields.number === 1) appendNumbers(fields, tensor.dims);
        if (fields.number === 2) tensor.dataType = fields.value;
        // The data location (14) is written again from `external`.
        if (fields.number !== 14) tensor.rest.push(fields.whole());
      }
    }
    return tensor;
  }

  private keyValue(at: Fields, into: Map<string, string>): void {
    const fields = this.inside(at);
    let key = "";
    let value = "";
    while (fields.next()) {
      if (fields.number === 1) key = fields.text();
      if (fields.number === 2) value = fields.text();
    }
    into.set(key, value);
  }

  private value(at: Fields): Value {
    const value: Value = { name: "", elementType: 0, dims: null, raw: at.content() };
    const fields = this.inside(at);
    while (fields.next()) {
      if (fields.number === 1) value.name = fields.text();
      if (fields.number === 2) this.type(fields, value);
    }
    return value;
  }

  private type(at: Fields, into: Value): void {
    const fields = this.inside(at);
    while (fields.next()) {
      if (fields.number !== 1) continue;
      const tensor = this.inside(fields);
      while (tensor.next()) {
        if (tensor.number === 1) into.elementType = tensor.value;
        if (tensor.number === 2) into.dims = this.shape(tensor);
      }
    }
  }

  private shape(at: Fields): (number | string | null)[] {
    const dims: (number | string | null)[] = [];
    const fields = this.inside(at);
    while (fields.next()) {
      if (fields.number !== 1) continue;
      const dim = this.inside(fields);
      let size: number | string | null = null;
      while (dim.next()) {
        if (dim.number === 1) size = dim.value;
        if (dim.number === 2) size = dim.text();
      }
      dims.push(size);
    }
    return dims;
  }
}

/** A repeated integer field, packed or not. */
function appendNumbers(fields: Fields, into: number[]): void {
  if (fields.wire === wireType.varint) into.push(fields.value);
  else {
    fields.expect(wireType.bytes);
    for (const value of unpackVarints(fields.content())) into.push(value);
  }
}
