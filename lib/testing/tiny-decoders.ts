import { readFileSync } from "node:fs";
import path from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { readSafetensors } from "#lib/formats/safetensors.ts";
import { toFloat32 } from "#lib/formats/tensor.ts";
import type { InstrumentedGraph, InstrumentOptions } from "#lib/onnx/contract.ts";
import { instrument } from "#lib/onnx/instrument.ts";

// The tiny decoders of tools/graph-fixtures, run bare, and what PyTorch makes of the same weights.

const fixtures = path.resolve("lib/testing/fixtures/graphs");
export const kinds = ["plain", "parallel", "fused", "merged"] as const;
export type Kind = (typeof kinds)[number];

export const BATCH = 2;
export const LENGTH = 6;
export const LAYERS = 2;
export const HIDDEN = 16;
const HEADS = 2;
export const VOCABULARY = 32;
export const file = (kind: Kind, name = "onnx/model.onnx") => readFileSync(path.join(fixtures, kind, name));
export const edit = (kind: Kind, options: Omit<InstrumentOptions, "dataFile">) =>
  instrument(file(kind), { ...options, dataFile: "model.onnx" });
export const tolerance = (kind: Kind) => (kind === "fused" ? 1e-2 : 1e-5);

export function reference(kind: Kind) {
  const { tensors } = readSafetensors(new Uint8Array(file(kind, "reference.safetensors")));
  return (name: string) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`the reference lacks ${name}`);
    return toFloat32(tensor);
  };
}

export const float = (data: Float32Array, dims: number[]) => new Tensor("float32", data, dims);
export const int = (data: ArrayLike<number>, dims: number[]) =>
  new Tensor("int64", BigInt64Array.from(Array.from(data), BigInt), dims);

/** Runs the unpadded case; `extra` replaces or adds inputs. */
export async function run(
  kind: Kind,
  graph: Pick<InstrumentedGraph, "bytes" | "requiredInputs">,
  extra: Record<string, Tensor> = {},
): Promise<Record<string, Float32Array>> {
  const ref = reference(kind);
  const known: Record<string, Tensor> = {
    input_ids: int(ref("ids"), [BATCH, LENGTH]),
    attention_mask: int(ref("nopad.mask"), [BATCH, LENGTH]),
    position_ids: int(ref("nopad.pos"), [BATCH, LENGTH]),
    use_cache_branch: new Tensor("bool", Uint8Array.of(0), [1]),
    "tiller.steer": float(new Float32Array(LAYERS * HIDDEN), [1, LAYERS, HIDDEN]),
    "tiller.gate": float(new Float32Array(BATCH * LENGTH).fill(1), [BATCH, LENGTH, 1]),
    "tiller.pool": float(new Float32Array(BATCH * LENGTH).fill(1 / LENGTH), [BATCH, 1, LENGTH]),
    "tiller.logits_at": int([LENGTH - 1, LENGTH - 1], [BATCH]),
    ...extra,
  };
  const session = await InferenceSession.create(graph.bytes, {
    logSeverityLevel: 3,
    extra: {
      session: { model_external_initializers_file_folder_path: path.join(fixtures, kind, "onnx") },
    },
  });
  const feeds = Object.fromEntries(
    graph.requiredInputs.map(({ name, dtype }) => {
      const empty = dtype === "float16" ? new Uint16Array() : new Float32Array();
      const past = () =>
        new Tensor(dtype as "float32", empty as Float32Array, [BATCH, HEADS, 0, HIDDEN / HEADS]);
      return [name, known[name] ?? past()];
    }),
  );
  const outputs = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [
      name,
      Float32Array.from(data as Float32Array, Number),
    ]),
  );
}

export function maxError(measured: Float32Array | undefined, expected: ArrayLike<number>): number {
  if (measured?.length !== expected.length) return Number.POSITIVE_INFINITY;
  return measured.reduce((worst, value, at) => Math.max(worst, Math.abs(value - (expected[at] ?? 0))), 0);
}
