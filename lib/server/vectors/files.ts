import { readFile } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { sha256 } from "#lib/core/hash.ts";
import { readVectors } from "#lib/formats/vectors/read-vectors.ts";
import type { OwnVectorsMade } from "#lib/pipeline/vectors-api.ts";
import { unitOf } from "#lib/vectors/arithmetic.ts";
import { addOwnVectors, type OwnVectorsPorts } from "./own-vectors.ts";
import type { NamedVectors } from "./refs.ts";

export interface NamedBytes {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface ReadFiles extends NamedVectors {
  format: string;
  files: { name: string; sha256: string }[];
}

/**
 * Vectors of one file, or of several that hold a layer each. Throws `invalid-file`, and `usage` for a layer twice.
 * @param layer of a file that does not say whose vector it holds
 */
export async function readVectorFiles(files: readonly NamedBytes[], layer?: number): Promise<ReadFiles> {
  const layers = new Map<number, { vector: Float32Array<ArrayBuffer>; norm: number }>();
  const read = files.map(({ name, bytes }) => ({
    name,
    ...readVectors({ bytes, file: name, ...(layer === undefined ? {} : { layer }) }),
  }));
  for (const { name, layers: found } of read) {
    for (const [number, vector] of found) {
      if (layers.has(number)) {
        throw new AppError("usage", `${name}: another file holds layer ${number}, too: give one of them`);
      }
      layers.set(number, unitVectorOf(vector));
    }
  }
  const ordered = new Map([...layers].sort(([a], [b]) => a - b));
  const [first] = ordered.values();
  const hidden = first?.vector.length ?? 0;
  const odd = [...ordered].find(([, { vector }]) => vector.length !== hidden);
  if (odd) {
    throw new AppError(
      "invalid-file",
      `layer ${odd[0]} has ${odd[1].vector.length} numbers, the first one ${hidden}: the files are of different models`,
    );
  }
  return {
    name: read.map(({ name }) => name).join(", "),
    model: read.find(({ model }) => model !== null)?.model ?? null,
    hidden,
    layers: ordered,
    place: null,
    format: read[0]?.format ?? "",
    files: await Promise.all(files.map(async ({ name, bytes }) => ({ name, sha256: await sha256(bytes) }))),
  };
}

/** The file's vector at unit length; a file that tells a norm keeps it. */
function unitVectorOf({ vector, norm }: { vector: Float32Array<ArrayBuffer>; norm?: number }) {
  const unit = unitOf(vector);
  return { vector: unit.vector, norm: unit.norm * (norm ?? 1) };
}

/** `readVectorFiles` of paths. Throws `not-found`, too. */
export async function openVectorFiles(paths: readonly string[], layer?: number): Promise<ReadFiles> {
  const files = await Promise.all(
    paths.map(async (file) => {
      try {
        return { name: path.basename(file), bytes: new Uint8Array(await readFile(file)) };
      } catch (cause) {
        throw new AppError("not-found", `${file} cannot be read: is it there, and a file?`, { cause });
      }
    }),
  );
  return readVectorFiles(files, layer);
}

/** Puts the vectors of files beside a trait's. Throws as `addOwnVectors`. */
export function importVectors(
  ports: OwnVectorsPorts,
  target: { experiment: string; trait: string; name: string },
  vectors: ReadFiles,
): Promise<OwnVectorsMade> {
  const { files, format, model } = vectors;
  return addOwnVectors(ports, target, vectors, { kind: "import", files, format, model });
}
