import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { parseJson } from "../json.ts";
import { readPt, writePt } from "../pt.ts";
import { readSafetensors, writeSafetensors } from "../safetensors.ts";
import { float32Tensor, type Tensor, toFloat32 } from "../tensor.ts";
import {
  type FileVectors,
  setName,
  type VectorFile,
  type VectorFileInput,
  type VectorSet,
} from "./vector-set.ts";

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

const normsSchema = z.record(z.string(), z.number().nonnegative());

/** `layer_{L}` tensors, or a vector of one layer: `vector`, or `steering_vector` of older tools. */
export function readSafetensorsVectors({ bytes, file, layer }: VectorFileInput): FileVectors {
  const { tensors, metadata } = readSafetensors(bytes, file);
  const norms = metadata.norms === undefined ? {} : parseJson(metadata.norms, `${file}: norms`, normsSchema);
  const model = metadata.model ?? null;
  const only = tensors.get("vector") ?? tensors.get("steering_vector");
  if (only) {
    const told = metadata.layer === undefined ? layer : Number(metadata.layer);
    return { model, layers: new Map([[layerOfFile(file, told), { vector: flat(only, file, "vector") }]]) };
  }
  return { model, layers: namedLayers(tensors, file, norms) };
}

/** A bare tensor [hidden], a stack [layers + 1, hidden] whose row i is `hidden_states[i]`, or a dict by layer. */
export function readPtVectors({ bytes, file, layer }: VectorFileInput): FileVectors {
  const content = readPt(bytes, file);
  if (content instanceof Map) return { model: null, layers: namedLayers(content, file, {}) };
  if (content.shape.length !== 2) {
    return {
      model: null,
      layers: new Map([[layerOfFile(file, layer), { vector: flat(content, file, "it") }]]),
    };
  }
  const [rows = 0, hidden = 0] = content.shape;
  const values = toFloat32(content);
  const blocks = Array.from({ length: Math.max(rows - 1, 0) }, (_, block) => ({
    block,
    vector: values.slice((block + 1) * hidden, (block + 2) * hidden),
  }));
  // Rows of zeros stand for layers that are not known.
  const known = blocks.filter(({ vector }) => vector.some((value) => value !== 0));
  return { model: null, layers: new Map(known.map(({ block, vector }) => [block, { vector }])) };
}

function namedLayers(
  tensors: ReadonlyMap<string, Tensor>,
  file: string,
  norms: Record<string, number>,
): FileVectors["layers"] {
  const layers = new Map<number, { vector: Float32Array<ArrayBuffer>; norm?: number }>();
  for (const [name, tensor] of tensors) {
    const number = /^(?:layer[_.]?|direction\.)?(\d+)$/.exec(name)?.[1];
    if (number === undefined) continue;
    const norm = norms[number];
    layers.set(Number(number), { vector: flat(tensor, file, name), ...(norm === undefined ? {} : { norm }) });
  }
  if (layers.size > 0) return layers;
  const names = [...tensors.keys()].slice(0, 3).join(", ");
  throw new AppError(
    "invalid-file",
    `${file}: no tensor is called layer_0, layer_1 … or vector${names === "" ? "" : ` (there are ${names})`}: name them by layer`,
  );
}

function flat(tensor: Tensor, file: string, name: string): Float32Array<ArrayBuffer> {
  const wide = tensor.shape.filter((size) => size !== 1);
  if (wide.length <= 1) return toFloat32(tensor);
  throw new AppError(
    "invalid-file",
    `${file}: ${name} has the shape [${tensor.shape.join(", ")}] instead of one dimension`,
  );
}

/** Of a file that holds one vector: as told, or as its name says (`layer_3.pt`). */
function layerOfFile(file: string, told: number | undefined): number {
  const named = /layer[_-]?(\d+)[^/\\]*$/i.exec(file)?.[1];
  const layer = told ?? (named === undefined ? undefined : Number(named));
  if (layer !== undefined && Number.isInteger(layer) && layer >= 0) return layer;
  throw new AppError("usage", `${file} does not say which layer its vector is of: add --layer`);
}
