import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";

const holderSchema = z.object({
  pid: z.number().int(),
  /** What holds the lock, in a person's words: `tiller run`, `the Tiller server`. */
  command: z.string(),
  /** Set while it serves HTTP: another command hands its work over there. */
  url: z.string().nullable(),
});

/** The process that has a home's database open. */
export type LockHolder = z.infer<typeof holderSchema>;

export interface HomeLock {
  /** Tells other processes where the holder serves. */
  announce(url: string): void;
  release(): void;
}

/**
 * Locks `<folder>/db` for this process. PGlite itself lets a second process in and silently destroys
 * committed rows, so the lock is the operating system's: it ends with the process, kill -9 included.
 * POSIX drops a process's locks on a file when it closes any handle on it: never open `db.lock` otherwise.
 * Throws AppError `locked` with the holder in `details.holder`.
 */
export function lockHome(folder: string, command: string): HomeLock {
  mkdirSync(folder, { recursive: true });
  const connection = new DatabaseSync(path.join(folder, "db.lock"));
  try {
    connection.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch (error) {
    connection.close();
    if (!isBusy(error)) throw error;
    throw lockedError(folder, readHolder(folder), error);
  }
  const holder: LockHolder = { pid: process.pid, command, url: null };
  writeHolder(folder, holder);
  return {
    announce: (url) => writeHolder(folder, { ...holder, url }),
    release: () => {
      rmSync(holderPath(folder), { force: true });
      connection.close();
    },
  };
}

/** Who holds the lock, as far as it told; null when it has not (yet). Says nothing about whether it still does. */
export function readHolder(folder: string): LockHolder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(holderPath(folder), "utf8")));
  } catch {
    return null;
  }
}

function holderPath(folder: string): string {
  return path.join(folder, "holder.json");
}

function writeHolder(folder: string, holder: LockHolder): void {
  const temporary = `${holderPath(folder)}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(holder)}\n`);
  renameSync(temporary, holderPath(folder));
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (error.errcode === 5 || error.errcode === 6);
}

function lockedError(folder: string, holder: LockHolder | null, cause: unknown): AppError {
  const home = path.dirname(folder);
  const who = holder ? `${holder.command} (process ${holder.pid})` : "another Tiller process";
  const advice = holder?.url
    ? `use it at ${holder.url}, or stop it first`
    : "wait until it ends, or stop it; or set TILLER_HOME to another folder";
  return new AppError("locked", `${home} is in use by ${who}: ${advice}`, {
    retryable: true,
    details: { holder, home },
    cause,
  });
}
