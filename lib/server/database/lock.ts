import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { type FolderLock, holderName, lockFolder, readHolder } from "../folder-lock.ts";

const files = { lock: "db.lock", holder: "holder.json" };

/**
 * Locks `<folder>/db` for this process: PGlite itself lets a second process in and silently destroys committed rows.
 * Throws AppError `locked` with the holder in `details.holder`.
 */
export function lockHome(folder: string, command: string): FolderLock {
  const lock = lockFolder(folder, files, command);
  if (lock) return lock;
  const home = path.dirname(folder);
  const holder = readHomeHolder(folder);
  const advice = holder?.url
    ? `use it at ${holder.url}, or stop it first`
    : "wait until it ends, or stop it; or set TILLER_HOME to another folder";
  throw new AppError("locked", `${home} is in use by ${holderName(holder)}: ${advice}`, {
    retryable: true,
    details: { holder, home },
  });
}

/** Who has the home's database open, as far as it told. */
export function readHomeHolder(folder: string) {
  return readHolder(folder, files);
}
