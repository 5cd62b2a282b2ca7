// Writes .pt files and what they should hold into a folder, for `python tools/references/pt.py check FOLDER`.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Dtype } from "#lib/formats/dtypes.ts";
import { type PtContent, writePt } from "#lib/formats/pt.ts";
import { float16Tensor, float32Tensor, type Tensor, toFloat32 } from "#lib/formats/tensor.ts";

const folder = process.argv[2];
if (folder === undefined) throw new Error("usage: node tools/references/write-pt.ts FOLDER");
mkdirSync(folder, { recursive: true });

const torchNames: Partial<Record<Dtype, string>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  I64: "int64",
  I32: "int32",
  I8: "int8",
  BOOL: "bool",
};
const of = (dtype: Dtype, values: ArrayBufferView, shape: number[]): Tensor => ({
  dtype,
  shape,
  data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
});
const contents: Record<string, PtContent> = {
  bare: float32Tensor(new Float32Array([1.5, -2.25, 0]), [3]),
  scalar: float32Tensor(new Float32Array([7]), []),
  large: float32Tensor(
    Float32Array.from({ length: 5 * 28 * 64 }, (_, at) => at / 8),
    [5, 28, 64],
  ),
  activations: new Map([
    ["activations", float32Tensor(new Float32Array(24).fill(0.5), [2, 3, 4])],
    ["labels", of("I8", Int8Array.of(1, 0), [2])],
    ["indices", of("I32", Int32Array.of(3, -3), [2])],
  ]),
  dtypes: new Map<string, Tensor>([
    ["half", float16Tensor(new Float32Array([0.5, -8]), [2])],
    ["double", of("F64", Float64Array.of(0.25), [1])],
    ["long", of("I64", BigInt64Array.of(-5n, 2n ** 40n), [2])],
    ["flag", of("BOOL", Uint8Array.of(1, 0), [2])],
    ["empty", float32Tensor(new Float32Array(0), [0, 4])],
    ["ünïcode", float32Tensor(new Float32Array([1]), [1])],
  ]),
};
const plain = (tensor: Tensor) => ({
  dtype: `torch.${torchNames[tensor.dtype]}`,
  shape: tensor.shape,
  values: [...toFloat32(tensor)],
});
for (const [name, content] of Object.entries(contents)) {
  const expected =
    "dtype" in content
      ? plain(content)
      : Object.fromEntries([...content].map(([key, tensor]) => [key, plain(tensor)]));
  writeFileSync(path.join(folder, `${name}.pt`), writePt(content));
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(expected));
}
