import { writePt } from "../pt.ts";
import { writeSafetensors } from "../safetensors.ts";
import { float32Tensor, type Tensor } from "../tensor.ts";
import { setName, type VectorFile, type VectorSet } from "./vector-set.ts";

/** One file with a tensor `layer_{L}` [hidden] for each layer, and text metadata. */
export function safetensorsFiles(set: VectorSet, createdAt: string): VectorFile[] {
  const names = [...set.layers.keys()].map((layer) => `layer_${layer}`);
  const metadata = {
    num_layers: String(set.layerCount),
    created_at: createdAt,
    layer_names: JSON.stringify(names),
    model: set.model,
    trait: set.trait,
    method: set.method,
    position: set.position,
    norms: JSON.stringify(Object.fromEntries([...set.layers].map(([layer, { norm }]) => [layer, norm]))),
  };
  const tensors = new Map(
    [...set.layers].map(([layer, { vector }]): [string, Tensor] => [`layer_${layer}`, tensorOf(vector)]),
  );
  return [{ name: `${setName(set)}.safetensors`, bytes: writeSafetensors(tensors, metadata) }];
}

/** A bare tensor [hidden] for each layer: `layer_{L}.pt`. */
export function ptFiles(set: VectorSet): VectorFile[] {
  return [...set.layers].map(([layer, { vector }]) => ({
    name: `layer_${layer}.pt`,
    bytes: writePt(tensorOf(vector)),
  }));
}

/** One tensor [layers + 1, hidden] as persona_vectors keeps it: row i is `hidden_states[i]`; rows that are not known are 0. */
export function stackedPtFiles(set: VectorSet): VectorFile[] {
  const { layerCount, hidden } = set;
  const rows = new Float32Array((layerCount + 1) * hidden);
  for (const [layer, { vector }] of set.layers) rows.set(vector, (layer + 1) * hidden);
  return [{ name: `${setName(set)}.pt`, bytes: writePt(float32Tensor(rows, [layerCount + 1, hidden])) }];
}

function tensorOf(vector: Float32Array): Tensor {
  return float32Tensor(vector, [vector.length]);
}
