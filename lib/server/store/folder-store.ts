import { randomBytes } from "node:crypto";
import {
  constants,
  cp,
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
} from "node:fs/promises";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import { codeOf, missingIsNull, translated } from "./file-errors.ts";

const TEMPORARY = /^\.[^/]*\.[0-9a-f]{12}\.tmp$/;
const NEWLINE = 0x0a;

/**
 * Files below one folder. Written to a temporary name in the same folder, fsynced and renamed (the folder is synced too),
 * so that a kill or a power cut leaves the old file or the new one. Throws AppError `disk-full`, `forbidden` (a path
 * that leaves the folder) and `invalid-file` (a folder where a file is expected).
 */
export class FolderStore implements ArtifactStore {
  readonly #root: string;
  // One append to a file at a time, so that lines never interleave; the same for updates.
  readonly #appending = new Map<string, Promise<unknown>>();
  readonly #updating = new Map<string, Promise<unknown>>();
  readonly #repaired = new Set<string>();

  constructor(root: string) {
    this.#root = path.resolve(root);
  }

  /** The absolute path of a relative one. Throws `forbidden` when it would leave the folder. */
  locate(file: string): string {
    const absolute = path.resolve(this.#root, file);
    const inside = absolute.startsWith(this.#root + path.sep);
    if (!inside || file.includes("\0") || path.isAbsolute(file)) {
      throw new AppError("forbidden", `path ${JSON.stringify(file)} is outside the data folder`);
    }
    return absolute;
  }

  async read(file: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const bytes = await missingIsNull(readFile(this.locate(file)), file);
    // A Buffer may be a window into a shared pool: give out memory of its own.
    return bytes && new Uint8Array(bytes);
  }

  async readText(file: string): Promise<string | null> {
    return missingIsNull(readFile(this.locate(file), "utf8"), file);
  }

  async write(file: string, data: Uint8Array | string): Promise<void> {
    const target = this.locate(file);
    const folder = path.dirname(target);
    const temporary = path.join(folder, `.${path.basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
    await translated(file, async () => {
      await mkdir(folder, { recursive: true });
      try {
        await writeDurably(temporary, "wx", data);
        await rename(temporary, target);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      await syncFolder(folder);
    });
  }

  update(file: string, change: (before: string | null) => string | Promise<string>): Promise<string> {
    return inTurn(this.#updating, this.locate(file), async () => {
      const before = await this.readText(file);
      const after = await change(before);
      if (after !== before) await this.write(file, after);
      return after;
    });
  }

  append(file: string, text: string): Promise<void> {
    const target = this.locate(file);
    return inTurn(this.#appending, target, () => translated(file, () => this.#appendNow(target, text)));
  }

  async list(prefix: string): Promise<string[]> {
    const folder = prefix === "" ? this.#root : this.locate(prefix);
    const entries = await missingIsNull(readdir(folder, { recursive: true, withFileTypes: true }), prefix);
    return (entries ?? [])
      .filter((entry) => entry.isFile() && !TEMPORARY.test(entry.name))
      .map((entry) => path.relative(this.#root, path.join(entry.parentPath, entry.name)))
      .map((file) => file.split(path.sep).join("/"))
      .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  async remove(file: string): Promise<void> {
    await translated(file, () => rm(this.locate(file), { force: true }));
  }

  /** With all it holds; one that is not there is gone already. */
  async removeFolder(folder: string): Promise<void> {
    await translated(folder, () => rm(this.locate(folder), { recursive: true, force: true }));
  }

  async stat(file: string): Promise<{ bytes: number; modified: Date } | null> {
    const found = await missingIsNull(stat(this.locate(file)), file);
    return found?.isFile() ? { bytes: found.size, modified: found.mtime } : null;
  }

  /** Names of the folders right below `prefix`. */
  async folders(prefix: string): Promise<string[]> {
    const entries = await missingIsNull(readdir(this.locate(prefix), { withFileTypes: true }), prefix);
    return (entries ?? [])
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  }

  /** Puts bytes in place of all from byte `offset` on; durable when it resolves. The file must reach up to there. */
  async replaceFrom(file: string, offset: number, data: Uint8Array): Promise<void> {
    const target = this.locate(file);
    await translated(file, async () => {
      await mkdir(path.dirname(target), { recursive: true });
      const handle = await open(target, constants.O_RDWR | constants.O_CREAT);
      try {
        await handle.truncate(offset);
        for (let at = 0; at < data.length; ) {
          at += (await handle.write(data, at, data.length - at, offset + at)).bytesWritten;
        }
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
  }

  /** Moves a file, over one that is there, or a folder with all it holds, to where nothing is; durable when it resolves. */
  async move(from: string, to: string): Promise<void> {
    const [source, target] = [this.locate(from), this.locate(to)];
    await translated(to, async () => {
      await mkdir(path.dirname(target), { recursive: true });
      try {
        await rename(source, target);
      } catch (error) {
        if (codeOf(error) !== "EXDEV") throw error;
        await copyAcross(source, target);
      }
      await syncFolder(path.dirname(target));
      await syncFolder(path.dirname(source));
    });
  }

  async #appendNow(target: string, text: string): Promise<void> {
    await mkdir(path.dirname(target), { recursive: true });
    if (!this.#repaired.has(target)) {
      await dropHalfLine(target);
      this.#repaired.add(target);
    }
    const before = (await missingIsNull(stat(target), target))?.size ?? 0;
    try {
      await writeDurably(target, "a", text.endsWith("\n") ? text : `${text}\n`);
    } catch (error) {
      // A full disk may have taken part of a line.
      await truncate(target, before).catch(() => {});
      throw error;
    }
  }
}

/** Works on one file at a time. @param waiting the last work of each */
async function inTurn<T>(
  waiting: Map<string, Promise<unknown>>,
  target: string,
  work: () => Promise<T>,
): Promise<T> {
  const turn = (waiting.get(target) ?? Promise.resolve()).then(work);
  const settled = turn.catch(() => {});
  waiting.set(target, settled);
  try {
    return await turn;
  } finally {
    if (waiting.get(target) === settled) waiting.delete(target);
  }
}

/** What rename does, between two file systems. */
async function copyAcross(source: string, target: string): Promise<void> {
  const temporary = path.join(
    path.dirname(target),
    `.${path.basename(target)}.${randomBytes(6).toString("hex")}.tmp`,
  );
  await cp(source, temporary, { recursive: true, preserveTimestamps: true });
  await rename(temporary, target);
  await rm(source, { recursive: true });
}

/** A writer that was killed may have left a line without its end: what it says was never acknowledged. */
async function dropHalfLine(file: string): Promise<void> {
  const handle = await missingIsNull(open(file, "r+"), file);
  if (handle === null) return;
  try {
    const { size } = await handle.stat();
    const end = await endOfLastLine(handle, size);
    if (end < size) await handle.truncate(end);
  } finally {
    await handle.close();
  }
}

/** Bytes up to and with the last line break; read from the end, for the file may be long. */
async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const piece = new Uint8Array(65_536);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - piece.length);
    const { bytesRead } = await handle.read(piece, 0, end - start, start);
    const at = piece.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

async function writeDurably(file: string, flag: "wx" | "a", data: Uint8Array | string): Promise<void> {
  const handle = await open(file, flag);
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename durable; not every platform can open a folder. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, "r");
    await handle.sync();
  } catch {
  } finally {
    await handle?.close();
  }
}
