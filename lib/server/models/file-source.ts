import { closeSync, openSync, readSync, statSync } from "node:fs";
import { AppError } from "#lib/core/errors.ts";
import type { ByteSource } from "#lib/onnx/index.ts";

// Between two weights only a few hundred bytes are wanted.
const WINDOW_BYTES = 16_384;

/**
 * A model file of which only the parts that are asked for are read, synchronously. The file is open only while it is
 * read, so there is nothing to close.
 * @throws AppError `not-found`; `invalid-file` when the file became shorter meanwhile
 */
export function fileSource(file: string): ByteSource {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new AppError("not-found", `${file} is missing`);
  let window = { start: 0, bytes: new Uint8Array() };
  const fill = (start: number, end: number) => {
    const bytes = new Uint8Array(end - start);
    const handle = openSync(file, "r");
    try {
      for (let done = 0; done < bytes.length; ) {
        const count = readSync(handle, bytes, done, bytes.length - done, start + done);
        if (count === 0) {
          throw new AppError("invalid-file", `${file} became shorter while it was read: try again`);
        }
        done += count;
      }
    } finally {
      closeSync(handle);
    }
    return { start, bytes };
  };
  return {
    byteLength: size,
    read(start, end) {
      if (start < window.start || end > window.start + window.bytes.length) {
        window = fill(start, Math.max(end, Math.min(start + WINDOW_BYTES, size)));
      }
      return window.bytes.subarray(start - window.start, end - window.start);
    },
  };
}
