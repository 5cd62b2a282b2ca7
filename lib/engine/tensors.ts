import { AppError } from "#lib/core/errors.ts";
import { halfToFloat } from "./half.ts";
import type { ElementType, HostTensor, TensorData } from "./session.ts";

const makers: Record<ElementType, (size: number) => TensorData> = {
  float32: (size) => new Float32Array(size),
  float16: (size) => new Uint16Array(size),
  int64: (size) => new BigInt64Array(size),
  int32: (size) => new Int32Array(size),
  bool: (size) => new Uint8Array(size),
};

/** Checks a graph's dtype against what the session port carries. Throws `model-unsupported`. */
export function elementType(dtype: string, input: string): ElementType {
  if (dtype in makers) return dtype as ElementType;
  throw new AppError("model-unsupported", `the model's input ${input} has type ${dtype}, which is not known`);
}

/** What a runtime gives, as the session port carries it. Throws `model-unsupported` on other element types. */
export function hostTensor(type: string, dims: readonly number[], data: unknown): HostTensor {
  // Where the platform has Float16Array, float16 outputs are one: the port carries their bits.
  if (type === "float16" && ArrayBuffer.isView(data)) {
    return { type, dims, data: new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) };
  }
  if (type === "float32" && data instanceof Float32Array) return { type, dims, data };
  if (type === "int64" && data instanceof BigInt64Array) return { type, dims, data };
  if (type === "int32" && data instanceof Int32Array) return { type, dims, data };
  if (type === "bool" && data instanceof Uint8Array) return { type, dims, data };
  throw new AppError("model-unsupported", `the model gives an output of type ${type}, which is not known`);
}

/** A tensor of zeros; a dimension may be 0. */
export function zeros(type: ElementType, dims: readonly number[]): HostTensor {
  return { type, dims, data: makers[type](dims.reduce((product, dim) => product * dim, 1)) };
}

/** Integers as int64 or int32, whichever the graph's input wants. */
export function integers(type: ElementType, values: Int32Array, dims: readonly number[]): HostTensor {
  if (type === "int32") return { type, dims, data: values };
  const data = new BigInt64Array(values.length);
  for (let at = 0; at < values.length; at++) data[at] = BigInt(values[at] ?? 0);
  return { type: "int64", dims, data };
}

/** Rows of a float output as float32 [rows, rowSize]; float32 data is not copied. */
export function asFloat32(tensor: HostTensor): Float32Array {
  if (tensor.data instanceof Float32Array) return tensor.data;
  if (tensor.type === "float16" && tensor.data instanceof Uint16Array) return halfToFloat(tensor.data);
  throw new AppError("internal", `expected a float tensor, got ${tensor.type}`);
}

/** Keeps the listed rows of the first dimension, in their order. */
export function selectRows(tensor: HostTensor, rows: readonly number[]): HostTensor {
  const rowSize = tensor.data.length / (tensor.dims[0] ?? 1);
  const data = makers[tensor.type](rows.length * rowSize);
  rows.forEach((row, at) => {
    copyRange(tensor.data, row * rowSize, rowSize, data, at * rowSize);
  });
  return { type: tensor.type, dims: [rows.length, ...tensor.dims.slice(1)], data };
}

function copyRange(from: TensorData, start: number, size: number, to: TensorData, at: number): void {
  if (from instanceof BigInt64Array && to instanceof BigInt64Array) {
    to.set(from.subarray(start, start + size), at);
  } else if (!(from instanceof BigInt64Array) && !(to instanceof BigInt64Array)) {
    to.set(from.subarray(start, start + size), at);
  } else {
    throw new AppError("internal", "tensors of different types cannot be copied into each other");
  }
}
