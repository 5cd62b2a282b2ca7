import type { Teacher } from "#lib/teacher/contract.ts";
import type { ProgressTracker } from "./progress.ts";

/** Where a line lies, so that files never are held whole: how it is read again (`LineFile.at`). */
export interface Place {
  /** 1-based. */
  number: number;
  /** Byte where it begins, and bytes without the line break. */
  offset: number;
  bytes: number;
}

/** A line of a text file, without its line break. */
export interface Line extends Place {
  text: string;
}

/** A text file that is read line by line, however long it is. CRLF and a BOM are taken off. */
export interface LineFile {
  /** What errors name. */
  readonly name: string;
  /** Hex SHA-256 of the whole file. */
  sha256(): Promise<string>;
  /** @param after begins behind this line */
  lines(after?: Place): AsyncIterable<Line>;
  at(line: Pick<Place, "offset" | "bytes">): Promise<string>;
}

/** The folder that a build writes; paths are relative to it. Each method is durable when it resolves. */
export interface OutputFolder {
  readText(path: string): Promise<string | null>;
  /** All or nothing. */
  write(path: string, data: Uint8Array | string): Promise<void>;
  /** Adds whole lines; a half last line that a kill left is taken away first. */
  append(path: string, text: string): Promise<void>;
  stat(path: string): Promise<{ bytes: number; modified: Date } | null>;
  list(prefix: string): Promise<string[]>;
  /** Null where there is no such file. */
  open(path: string): Promise<LineFile | null>;
  remove(path: string): Promise<void>;
}

/** All that a builder needs from outside. */
export interface BuildPorts {
  output: OutputFolder;
  teacher: Teacher;
  progress: ProgressTracker;
  now(): Date;
  /** Ends the build after what is in flight; what is finished is written. */
  signal?: AbortSignal | undefined;
}
