import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { Line, LineFile } from "#lib/builds/ports.ts";
import { AppError } from "#lib/core/errors.ts";

const NEWLINE = 0x0a;
/** A longer line is no record: reading on would fill the memory. */
const LONGEST = 64 * 2 ** 20;

/**
 * A text file read in pieces: its lines one after the other, or one again by its place.
 * Throws `invalid-file` (not UTF-8, a line over 64 MiB) and `not-found`.
 * @param name what errors call it
 */
export function openLineFile(file: string, name = file): LineFile {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const textOf = (bytes: Uint8Array, where: string) => {
    try {
      const text = decoder.decode(bytes);
      return text.endsWith("\r") ? text.slice(0, -1) : text;
    } catch (cause) {
      throw new AppError("invalid-file", `${where}: not UTF-8 text`, { cause });
    }
  };
  const missing = (error: unknown) =>
    error instanceof Error && "code" in error && error.code === "ENOENT"
      ? new AppError("not-found", `${name} is not there`, { cause: error })
      : error;

  return {
    name,
    async sha256() {
      const hash = createHash("sha256");
      await pipeline(createReadStream(file), hash).catch((error: unknown) => {
        throw missing(error);
      });
      return hash.digest("hex");
    },
    async *lines(after) {
      let number = after?.number ?? 0;
      let offset = after ? after.offset + after.bytes + 1 : 0;
      for await (const bytes of rawLines(file, name, offset)) {
        number++;
        // The decoder takes a BOM off.
        const line: Line = { number, offset, bytes: bytes.length, text: textOf(bytes, `${name}:${number}`) };
        offset += bytes.length + 1;
        yield line;
      }
    },
    async at({ offset, bytes }) {
      const handle = await open(file).catch((error: unknown) => {
        throw missing(error);
      });
      try {
        const buffer = new Uint8Array(bytes);
        const { bytesRead } = await handle.read(buffer, 0, bytes, offset);
        return textOf(buffer.subarray(0, bytesRead), name);
      } finally {
        await handle.close();
      }
    },
  };

  async function* rawLines(path: string, named: string, start: number): AsyncGenerator<Uint8Array> {
    let held: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of createReadStream(path, { start }) as AsyncIterable<Uint8Array>) {
        let begin = 0;
        for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, begin)) {
          yield Buffer.concat([...held, chunk.subarray(begin, end)]);
          held = [];
          size = 0;
          begin = end + 1;
        }
        held.push(chunk.subarray(begin));
        size += chunk.length - begin;
        if (size > LONGEST) throw new AppError("invalid-file", `${named}: a line is longer than 64 MiB`);
      }
    } catch (error) {
      throw missing(error);
    }
    if (size > 0) yield Buffer.concat(held);
  }
}
