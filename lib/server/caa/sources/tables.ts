import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { asyncBufferFromFile } from "hyparquet";
import type { ScenarioSource, SourceRow } from "#lib/caa/scenarios/source.ts";
import { AppError } from "#lib/core/errors.ts";
import { readCsv } from "#lib/traits/import/table.ts";
import { decodeText } from "#lib/traits/lines.ts";
import { openLineFile } from "../../builds/line-file.ts";
import { openParquet } from "./parquet.ts";

export const tableEnds = ["jsonl", "ndjson", "csv", "tsv", "parquet"] as const;

/** `jsonl` of a file's name, in lower case; undefined where it is no table's. */
export function tableEnd(file: string): (typeof tableEnds)[number] | undefined {
  const end = path.extname(file).slice(1).toLowerCase();
  return tableEnds.find((known) => known === end);
}

/** A table of a format, whatever it lies in. */
export interface Table {
  rows: number | null;
  columns(): Promise<string[]>;
  read(columns: readonly string[]): AsyncIterable<SourceRow>;
}

/**
 * A local JSON Lines, CSV or Parquet file. @param name what a person calls it
 * Throws `not-found`, `usage` for another kind of file, `invalid-file`.
 */
export async function openTableFile(file: string, name: string): Promise<ScenarioSource> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile())
    throw new AppError(
      "not-found",
      `${name} is not there, or is no file: name a .jsonl, .csv, .tsv or .parquet file, or give its whole path`,
    );
  const table = await openTable(file, name);
  const revision = await openLineFile(file, name).sha256();
  return {
    name,
    settings: { dataset: path.basename(file), config: null, split: null, revision },
    ...table,
  };
}

async function openTable(file: string, name: string): Promise<Table> {
  switch (tableEnd(file)) {
    case "parquet": {
      const table = await openParquet(await asyncBufferFromFile(file), name);
      return {
        rows: table.rows,
        columns: async () => table.columns,
        read: (columns) => table.read(columns, 0),
      };
    }
    case "jsonl":
    case "ndjson":
      return jsonLines(async function* () {
        for await (const { text } of openLineFile(file, name).lines()) yield text;
      });
    case "csv":
    case "tsv":
      return csv(decodeText(await readFile(file), name), name);
    default:
      throw new AppError("usage", `${name}: a .jsonl, .csv, .tsv or .parquet file is expected`);
  }
}

/** Rows whose members are the columns' names. */
const SAMPLE = 50;

/** @param lines from the first, each time */
export function jsonLines(lines: () => AsyncIterable<string>): Table {
  return {
    rows: null,
    async columns() {
      const names = new Set<string>();
      let left = SAMPLE;
      for await (const text of lines()) {
        const record = objectOf(text);
        if (typeof record !== "string") for (const name of Object.keys(record)) names.add(name);
        if (--left === 0) break;
      }
      return [...names];
    },
    async *read() {
      let row = 0;
      for await (const text of lines()) {
        if (text.trim() === "") continue;
        row++;
        const record = objectOf(text);
        const bad = typeof record === "string";
        yield { row, values: bad ? null : record, problem: bad ? record : null };
      }
    },
  };
}

/** The line's object, or why it is none. */
function objectOf(text: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return { ...value };
    return "no JSON object";
  } catch (error) {
    return `malformed JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Rows that cannot be read are told as rows of their own, at the end. */
export function csv(text: string, name: string): Table {
  const table = readCsv(text, name);
  if (table.columns.length === 0) {
    throw new AppError("invalid-file", `${name}: ${table.problems[0]?.message ?? "it has no columns"}`);
  }
  return {
    rows: table.rows.length + table.problems.length,
    columns: async () => table.columns,
    async *read() {
      let row = 0;
      for (const { cells } of table.rows) yield { row: ++row, values: cells, problem: null };
      for (const { line, message } of table.problems) {
        yield { row: ++row, values: null, problem: line === null ? message : `line ${line}: ${message}` };
      }
    },
  };
}
