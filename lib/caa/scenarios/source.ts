import type { BuildSettings } from "../records.ts";

/** A row as a dataset has it. */
export interface SourceRow {
  /** 1-based. */
  row: number;
  /** By column name; null where it cannot be read: then `problem` says why. */
  values: Readonly<Record<string, unknown>> | null;
  problem: string | null;
}

/** A dataset to take scenarios from, opened. */
export interface ScenarioSource {
  /** What a person calls it. */
  readonly name: string;
  /** What is recorded of it. */
  readonly settings: BuildSettings["source"];
  /** Null where nobody has counted. */
  readonly rows: number | null;
  /** In the order of the dataset; Empty where it has no rows. */
  columns(): Promise<string[]>;
  /** From the first; fetches no more than is asked for, and only these columns. Throws `invalid-file`. */
  read(columns: readonly string[], signal?: AbortSignal): AsyncIterable<SourceRow>;
}
