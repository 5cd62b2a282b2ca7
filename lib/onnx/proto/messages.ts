// The part of onnx.proto that the instrumenter reads; every other field is carried byte for byte.

/** One attribute: the kinds of value that are read, and the rest as it stood. */
export interface Attribute {
  name: string;
  int: number | null;
  ints: number[];
  graph: Graph | null;
  /** Header of a tensor value (Constant). */
  tensor: Tensor | null;
  /** Encoded fields, all but the graph's. */
  rest: Uint8Array[];
}

export interface Node {
  name: string;
  opType: string;
  domain: string;
  /** Missing optional inputs and outputs are "". */
  inputs: string[];
  outputs: string[];
  attributes: Attribute[];
  /** Other encoded fields (doc string, metadata). */
  rest: Uint8Array[];
}

/** A tensor's header. Its bytes stay in the file: `content` says where. */
export interface Tensor {
  name: string;
  dims: number[];
  /** TensorProto.DataType. */
  dataType: number;
  /** Offsets of the raw bytes in the model file; null where the values are elsewhere. */
  content: { start: number; end: number } | null;
  /** The raw bytes where there are few of them. */
  raw: Uint8Array | null;
  /** Location, offset, length … of weights in another file. */
  external: Map<string, string>;
  /** Encoded fields other than name, raw data, external data and data location. */
  rest: Uint8Array[];
}

/** ValueInfoProto of a tensor. */
export interface Value {
  name: string;
  /** TensorProto.DataType, 0 where the value is no tensor. */
  elementType: number;
  /** Null where the file gives no shape. */
  dims: (number | string | null)[] | null;
  /** The message as it stood; null for a value made or changed here. */
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
  /** Operator set versions by domain; "" is ONNX's own. */
  opsets: Map<string, number>;
  producer: string;
  rest: Uint8Array[];
}

/** A tensor's raw bytes from this size on are left in the file. Smaller ones (shapes!) must be known while the graph is read. */
export const SMALL_TENSOR_BYTES = 1024;
