import { AppError } from "#lib/core/errors.ts";
import {
  bfloat16BitsToNumber,
  type Dtype,
  dtypeBytes,
  float16BitsToNumber,
  float32ToFloat16Bits,
} from "./dtypes.ts";

/** One array as a file holds it. */
export interface Tensor {
  dtype: Dtype;
  /** Row-major; `[]` is a scalar. */
  shape: number[];
  /** Little-endian values, `elementCount(shape) * dtypeBytes[dtype]` bytes; may be a view into the file's bytes. */
  data: Uint8Array;
}

/** The number of values of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function checked(dtype: Dtype, shape: readonly number[], data: Uint8Array): Tensor {
  const expected = elementCount(shape) * dtypeBytes[dtype];
  if (data.byteLength !== expected) {
    throw new AppError(
      "invalid-input",
      `a ${dtype} tensor of shape [${shape.join(", ")}] takes ${expected} bytes, not ${data.byteLength}`,
    );
  }
  return { dtype, shape: [...shape], data };
}

// Every platform that runs JavaScript engines today is little-endian, so typed arrays have the files' byte order.
function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** A float32 tensor over the values (shared, not copied). Throws `invalid-input` when count and shape differ. */
export function float32Tensor(values: Float32Array, shape: readonly number[]): Tensor {
  return checked("F32", shape, bytesOf(values));
}

/** A float16 tensor of the values, each rounded to the nearest half. */
export function float16Tensor(values: Float32Array, shape: readonly number[]): Tensor {
  return checked("F16", shape, bytesOf(Uint16Array.from(values, float32ToFloat16Bits)));
}

/** An int8 tensor over the values (shared, not copied). */
export function int8Tensor(values: Int8Array, shape: readonly number[]): Tensor {
  return checked("I8", shape, bytesOf(values));
}

/** An int32 tensor over the values (shared, not copied). */
export function int32Tensor(values: Int32Array, shape: readonly number[]): Tensor {
  return checked("I32", shape, bytesOf(values));
}

/**
 * The tensor's values as float32, always a copy, in the tensor's order.
 * Wider types (F64, I32, I64 …) are rounded to the nearest float32.
 * Throws `invalid-file` for the 8-bit float types, which no step reads.
 */
export function toFloat32(tensor: Tensor): Float32Array<ArrayBuffer> {
  // A copy starts at offset 0, so every typed array below is aligned.
  const { buffer } = new Uint8Array(tensor.data);
  switch (tensor.dtype) {
    case "F32":
      return new Float32Array(buffer);
    case "F16":
      return Float32Array.from(new Uint16Array(buffer), float16BitsToNumber);
    case "BF16":
      return Float32Array.from(new Uint16Array(buffer), bfloat16BitsToNumber);
    case "F64":
      return Float32Array.from(new Float64Array(buffer));
    case "BOOL":
    case "U8":
      return Float32Array.from(new Uint8Array(buffer));
    case "I8":
      return Float32Array.from(new Int8Array(buffer));
    case "I16":
      return Float32Array.from(new Int16Array(buffer));
    case "U16":
      return Float32Array.from(new Uint16Array(buffer));
    case "I32":
      return Float32Array.from(new Int32Array(buffer));
    case "U32":
      return Float32Array.from(new Uint32Array(buffer));
    case "I64":
      return Float32Array.from(new BigInt64Array(buffer), Number);
    case "U64":
      return Float32Array.from(new BigUint64Array(buffer), Number);
    default:
      throw new AppError("invalid-file", `tensors of dtype ${tensor.dtype} cannot be read as numbers yet`);
  }
}
