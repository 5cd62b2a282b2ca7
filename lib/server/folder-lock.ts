import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";

const holderSchema = z.object({
  pid: z.number().int(),
  /** What holds the lock, in a person's words: `tiller run`, `the Tiller server`. */
  command: z.string(),
  /** Set while it serves HTTP: another command hands its work over there. */
  url: z.string().nullable(),
});

/** The process that holds a lock. */
export type LockHolder = z.infer<typeof holderSchema>;

export interface FolderLock {
  /** Tells other processes where the holder serves. */
  announce(url: string): void;
  release(): void;
}

/** The two files of a lock: one that is locked, one that says by whom. */
export interface LockFiles {
  lock: string;
  holder: string;
}

/**
 * Locks a folder for this process with an operating-system lock: it ends with the process, kill -9 included.
 * POSIX drops a process's locks on a file when it closes any handle on it: never open the lock's file otherwise.
 * @returns null where another process has it
 */
export function lockFolder(folder: string, files: LockFiles, command: string): FolderLock | null {
  mkdirSync(folder, { recursive: true });
  const connection = new DatabaseSync(path.join(folder, files.lock));
  try {
    connection.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch (error) {
    connection.close();
    if (isBusy(error)) return null;
    throw error;
  }
  const holderFile = path.join(folder, files.holder);
  const holder: LockHolder = { pid: process.pid, command, url: null };
  writeHolder(holderFile, holder);
  return {
    announce: (url) => writeHolder(holderFile, { ...holder, url }),
    release: () => {
      rmSync(holderFile, { force: true });
      connection.close();
    },
  };
}

/** Who holds the lock, as far as it told; null when it has not (yet). Says nothing about whether it still does. */
export function readHolder(folder: string, files: LockFiles): LockHolder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path.join(folder, files.holder), "utf8")));
  } catch {
    return null;
  }
}

/** As an error's line names it. */
export function holderName(holder: LockHolder | null): string {
  return holder ? `${holder.command} (process ${holder.pid})` : "another Tiller process";
}

function writeHolder(file: string, holder: LockHolder): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(holder)}\n`);
  renameSync(temporary, file);
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (error.errcode === 5 || error.errcode === 6);
}
