import { AppError } from "#lib/core/errors.ts";
import { readGguf, writeGguf } from "../gguf.ts";
import { float32Tensor, type Tensor, toFloat32 } from "../tensor.ts";
import { setName, type VectorFile, type VectorSet } from "./vector-set.ts";

// A GGUF control vector: `direction.{L}` is added to the output of block L, 0-based, by repeng, EasySteer and llama.cpp.

/**
 * @param keepBlock0 llama.cpp refuses a file with `direction.0`; repeng and EasySteer read it
 */
export function ggufFiles(set: VectorSet, keepBlock0: boolean): VectorFile[] {
  const layers = [...set.layers].filter(([layer]) => keepBlock0 || layer > 0);
  if (layers.length === 0) {
    throw new AppError(
      "invalid-input",
      "there is a vector of block 0 alone, which llama.cpp refuses: export another layer, or choose gguf",
    );
  }
  const metadata = new Map<string, string | number>([
    ["general.architecture", "controlvector"],
    ["controlvector.model_hint", set.modelType ?? set.model],
    ["controlvector.method", set.method],
    ["controlvector.layer_count", layers.length],
  ]);
  const tensors = new Map(
    layers.map(([layer, { vector }]): [string, Tensor] => [
      `direction.${layer}`,
      float32Tensor(vector, [vector.length]),
    ]),
  );
  const name = `${setName(set)}${keepBlock0 ? "" : "-llamacpp"}.gguf`;
  return [{ name, bytes: writeGguf(metadata, tensors) }];
}

/** The directions of a control vector by block. Throws `invalid-file`. */
export function readControlVector(
  bytes: Uint8Array,
  file: string,
): { modelHint: string | null; directions: Map<number, Float32Array<ArrayBuffer>> } {
  const { metadata, tensors } = readGguf(bytes, file);
  const hint = metadata.get("controlvector.model_hint");
  const directions = new Map<number, Float32Array<ArrayBuffer>>();
  for (const [name, tensor] of tensors) {
    const layer = /^direction\.(\d+)$/.exec(name)?.[1];
    if (layer !== undefined && tensor.shape.length === 1) directions.set(Number(layer), toFloat32(tensor));
  }
  if (directions.size === 0)
    throw new AppError("invalid-file", `${file}: it holds no direction.N: it is no control vector`);
  return { modelHint: typeof hint === "string" ? hint : null, directions };
}
