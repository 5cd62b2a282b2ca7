import { AppError } from "#lib/core/errors.ts";
import { readControlVector } from "./control-vector.ts";
import { readCsv, readJsonVectors } from "./json-files.ts";
import { readPtVectors, readSafetensorsVectors } from "./tensor-files.ts";
import type { FileVectors, VectorFileInput } from "./vector-set.ts";

interface VectorReader {
  /** In words, for messages and metadata. */
  format: string;
  /** By the first bytes: names of files say little (`.pt` and `.json` have two layouts each). */
  matches(head: string, bytes: Uint8Array): boolean;
  read(input: VectorFileInput): FileVectors;
}

const HEAD_BYTES = 64;

/** Every format that vectors come in: each reads what its writer wrote, and what other tools write alike. */
const vectorReaders: readonly VectorReader[] = [
  {
    format: "GGUF control vector",
    matches: (head) => head.startsWith("GGUF"),
    read: ({ bytes, file }) => {
      const { modelHint, directions } = readControlVector(bytes, file);
      return {
        model: modelHint,
        layers: new Map([...directions].map(([layer, vector]) => [layer, { vector }])),
      };
    },
  },
  { format: "PyTorch file", matches: (head) => head.startsWith("PK"), read: readPtVectors },
  { format: "JSON", matches: (head) => head.trimStart().startsWith("{"), read: readJsonVectors },
  { format: "CSV", matches: (head) => /^layer,norm,/.test(head), read: readCsv },
  { format: "safetensors", matches: (_, bytes) => bytes[8] === 0x7b, read: readSafetensorsVectors },
];

/**
 * Vectors of a file by layer, 0-based: the residual stream after block `layer`.
 * Throws `invalid-file` for any other file, vectors of differing widths, or numbers that are not finite.
 */
export function readVectors(input: VectorFileInput): FileVectors & { format: string } {
  const { bytes, file } = input;
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, HEAD_BYTES));
  const reader = vectorReaders.find(({ matches }) => matches(head, bytes));
  if (!reader) {
    throw new AppError(
      "invalid-file",
      `${file}: it is none of ${vectorReaders.map(({ format }) => format).join(", ")}: export the vectors as one of them`,
    );
  }
  const found = reader.read(input);
  const layers = [...found.layers].sort(([a], [b]) => a - b);
  const width = layers[0]?.[1].vector.length ?? 0;
  if (width === 0) throw new AppError("invalid-file", `${file}: there is no vector in it`);
  for (const [layer, { vector }] of layers) {
    if (vector.length !== width) {
      throw new AppError(
        "invalid-file",
        `${file}: layer ${layer} has ${vector.length} numbers, the first one ${width}: the vectors of one file have one width`,
      );
    }
    const bad = vector.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new AppError("invalid-file", `${file}: layer ${layer}, dimension ${bad} is ${vector[bad]}`);
  }
  return { ...found, layers: new Map(layers), format: reader.format };
}
