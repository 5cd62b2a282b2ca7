import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { formatJson, parseJson } from "#lib/formats/json.ts";
import { readSafetensors, writeSafetensors } from "#lib/formats/safetensors.ts";
import { float32Tensor, toFloat32 } from "#lib/formats/tensor.ts";
import { methodFolder } from "#lib/vectors/methods.ts";
import type { TraitContext } from "./context.ts";
import type { ResultPaths } from "./paths.ts";
import type { ArtifactStore } from "./ports.ts";
import { vectorSourceSchema } from "./vector-source.ts";

/** What is recorded of one method at one layer. */
export const layerInfoSchema = z.looseObject({
  norm: z.number(),
  baseline: z.number(),
  train_acc: z.number(),
  bias: z.number().optional(),
  info: z.record(z.string(), z.unknown()).optional(),
  /** Of the vector's file. */
  sha256: z.string().optional(),
});
export type LayerInfo = z.infer<typeof layerInfoSchema>;

const methodMetadataSchema = z.looseObject({
  model: z.string(),
  trait: z.string(),
  method: z.string(),
  position: z.string(),
  component: z.string(),
  /** Absent for what a method extracted. */
  source: vectorSourceSchema.optional(),
  /** Blocks of the model; told by vectors that need not be there for every layer. */
  n_layers: z.number().optional(),
  layers: z.record(z.string(), layerInfoSchema),
});
/** `vectors/{position}/{component}/{method}/metadata.json`; the layers' members are layer numbers as text. */
export type MethodMetadata = z.infer<typeof methodMetadataSchema>;

export function vectorPath(paths: ResultPaths, method: string, layer: number): string {
  return paths.vector(methodFolder(method), layer);
}

export function vectorMetadataPath(paths: ResultPaths, method: string): string {
  return paths.vectorMetadata(methodFolder(method));
}

/** The file's bytes of one unit vector: tensor `vector` [hidden]. */
export function writeVector(vector: Float32Array, metadata: Record<string, string>): Uint8Array<ArrayBuffer> {
  return writeSafetensors({ vector: float32Tensor(vector, [vector.length]) }, metadata);
}

/** Reads one vector file: tensor `vector`, or `steering_vector` of older tools. Throws `not-found`, `invalid-file`. */
export async function readVector(
  artifacts: Pick<ArtifactStore, "read">,
  path: string,
): Promise<Float32Array<ArrayBuffer>> {
  const bytes = await artifacts.read(path);
  if (!bytes) throw new AppError("not-found", `${path} is not there: run extract first`);
  const { tensors } = readSafetensors(bytes, path);
  const tensor = tensors.get("vector") ?? tensors.get("steering_vector");
  if (tensor?.shape.length === 1) return toFloat32(tensor);
  throw new AppError(
    "invalid-file",
    `${path}: there is no one-dimensional tensor "vector": run extract again`,
  );
}

export function parseMethodMetadata(text: string, path: string): MethodMetadata {
  return parseJson(text, path, methodMetadataSchema);
}

/** A method's metadata at this run's position and component, or null. */
export async function readMethodMetadata(
  { run, paths }: TraitContext,
  method: string,
): Promise<MethodMetadata | null> {
  const path = vectorMetadataPath(paths, method);
  const text = await run.ports.artifacts.readText(path);
  return text === null ? null : parseMethodMetadata(text, path);
}

export function formatMethodMetadata(metadata: MethodMetadata): string {
  return formatJson(metadata);
}
