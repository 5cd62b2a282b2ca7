import { AppError } from "#lib/core/errors.ts";
import { readPt, writePt } from "./pt.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import type { Tensor } from "./tensor.ts";

export const tensorFormats = ["safetensors", "pt"] as const;
export type TensorFormat = (typeof tensorFormats)[number];

/** The name of a vector file's one tensor (formats.md section 2). As `.pt` it is a bare tensor (section 5). */
const VECTOR = "vector";

/** The format a file's name says; null for another kind of file. */
export function tensorFormatOf(path: string): TensorFormat | null {
  return tensorFormats.find((format) => path.endsWith(`.${format}`)) ?? null;
}

/** The path with the other format's ending. */
export function withTensorFormat(path: string, format: TensorFormat): string {
  const from = tensorFormatOf(path);
  return from ? path.slice(0, -from.length) + format : path;
}

/**
 * The same tensors in another format. A file whose only tensor is `vector` is a bare tensor as `.pt`, and back; any other
 * is a dict of its tensors by name. `.pt` has no place for safetensors' string metadata: it is left out.
 * @param file name used in error messages
 * Throws `invalid-file` for a file that cannot be read, `invalid-input` for a dtype the other format lacks.
 */
export function convertTensorFile(
  bytes: Uint8Array<ArrayBuffer>,
  from: TensorFormat,
  to: TensorFormat,
  file: string,
): Uint8Array<ArrayBuffer> {
  if (from === to) return bytes;
  try {
    if (to === "safetensors") {
      const content = readPt(bytes, file);
      return writeSafetensors(content instanceof Map ? content : { [VECTOR]: content });
    }
    const { tensors } = readSafetensors(bytes, file);
    const only: Tensor | undefined = tensors.size === 1 ? tensors.get(VECTOR) : undefined;
    return writePt(only ?? tensors);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "invalid-input") throw error;
    throw new AppError("invalid-input", `${file}: ${error.message}`, { cause: error });
  }
}
