import { existsSync } from "node:fs";
import path from "node:path";
import type { OutputFolder } from "#lib/builds/ports.ts";
import { AppError } from "#lib/core/errors.ts";
import { holderName, lockFolder, readHolder } from "../folder-lock.ts";
import { FolderStore } from "../store/folder-store.ts";
import { openLineFile } from "./line-file.ts";

const files = { lock: "output.lock", holder: "output-holder.json" };

/** A folder that one build at a time writes. */
export interface LockedOutput extends OutputFolder {
  release(): void;
}

/** To read only; builds open it by `lockOutput`. */
export function openOutput(folder: string): OutputFolder {
  const store = new FolderStore(folder);
  return {
    readText: (file) => store.readText(file),
    write: (file, data) => store.write(file, data),
    append: (file, text) => store.append(file, text),
    stat: (file) => store.stat(file),
    list: (prefix) => store.list(prefix),
    remove: (file) => store.remove(file),
    async open(file) {
      const located = store.locate(file);
      return existsSync(located) ? openLineFile(located, path.join(folder, file)) : null;
    },
  };
}

/** Opens a folder for one build; it is made where it is not there. Throws `locked` (another build writes it), `forbidden`. */
export function lockOutput(folder: string, command: string): LockedOutput {
  const work = path.join(folder, ".tiller");
  const lock = tryLock(work, command);
  if (lock) return { ...openOutput(folder), release: () => lock.release() };
  throw new AppError(
    "locked",
    `${folder} is being written by ${holderName(readHolder(work, files))}: wait until it ends, stop it, or choose another folder`,
    { retryable: true },
  );
}

function tryLock(work: string, command: string) {
  try {
    return lockFolder(work, files, command);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new AppError(
      "forbidden",
      `${path.dirname(work)} cannot be written (${code}): choose a folder you may write to`,
      { cause },
    );
  }
}
