import Papa from "papaparse";
import { AppError } from "#lib/core/errors.ts";
import { parseJsonText } from "#lib/formats/json.ts";
import { formatJsonl } from "#lib/formats/jsonl.ts";
import { type PersonaTrait, readPersonaTrait } from "#lib/traits/import/persona.ts";
import { readCsv } from "#lib/traits/import/table.ts";
import { ab } from "./ab.ts";
import type { CaaItem, PairLayout } from "./item.ts";
import { psyctl, psyctlNew } from "./psyctl.ts";

export const pairLayouts = { psyctl, "psyctl-new": psyctlNew, caa: ab } as const satisfies Record<
  string,
  PairLayout
>;
export type PairLayoutName = keyof typeof pairLayouts;

/** A file of one of the layouts (formats.md section 3). */
export type CaaFile =
  | { layout: PairLayoutName; items: CaaItem[] }
  /** nrimsky/CAA's open-ended test. */
  | { layout: "caa-open"; records: ({ question: string } & Record<string, unknown>)[] }
  | { layout: "persona-vectors"; trait: PersonaTrait }
  /** Answers with their scores; `trait` names the column of the trait's own. */
  | { layout: "persona-vectors-csv"; trait: string; columns: string[]; rows: Record<string, string>[] };

/** Reads a file by what it holds, not by its name. @param file what errors call it. Throws `invalid-file`. */
export function readCaaFile(text: string, file: string): CaaFile {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const start = body.trimStart().charAt(0);
  if (start === "[") return readArray(body, file);
  if (start !== "{") return readAnswers(body, file);
  if (isJson(body) && /"instruction"/.test(body)) {
    return { layout: "persona-vectors", trait: readPersonaTrait(body, file) };
  }
  return readLines(body, file);
}

function readArray(text: string, file: string): CaaFile {
  const value = parseJsonText(text, file, 1);
  const records = (value as unknown[]).map((record, at) => {
    if (isRecord(record)) return record;
    throw unknown(`${file}: [${at}]`);
  });
  const first = records[0];
  if (!first) throw new AppError("invalid-file", `${file}: the list is empty`);
  if ("answer_matching_behavior" in first) {
    return { layout: "caa", items: records.map((record, at) => ab.read(record, `${file}: [${at}]`)) };
  }
  if (!("question" in first)) throw unknown(file);
  return {
    layout: "caa-open",
    records: records.map((record, at) => {
      if (typeof record.question === "string") return { ...record, question: record.question };
      throw new AppError("invalid-file", `${file}: [${at}]: question: is no text`);
    }),
  };
}

function readLines(text: string, file: string): CaaFile {
  let layout: PairLayoutName | null = null;
  const items: CaaItem[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const name = `${file}:${at + 1}`;
    const record = parseJsonText(line, file, at + 1);
    layout ??= layoutOfRecord(record);
    if (layout === null || !isRecord(record)) throw unknown(name);
    items.push(pairLayouts[layout].read(record, name));
  }
  if (layout === null) throw unknown(file);
  return { layout, items };
}

/** Null for a record of no layout with a line each. */
export function layoutOfRecord(record: unknown): "psyctl" | "psyctl-new" | null {
  if (!isRecord(record) || !("positive" in record) || !("neutral" in record)) return null;
  return "question" in record ? "psyctl" : "char_name" in record ? "psyctl-new" : null;
}

const answerColumns = ["question", "prompt", "answer", "question_id", "coherence"];

function readAnswers(text: string, file: string): CaaFile {
  const { columns, rows, problems } = readCsv(text, file);
  const own = columns.filter((column) => !answerColumns.includes(column));
  const missing = ["question", "prompt", "answer"].some((column) => !columns.includes(column));
  const trait = own[0];
  if (missing || trait === undefined) throw unknown(file);
  const problem = problems[0];
  if (problem) throw new AppError("invalid-file", `${file}:${problem.line ?? 1}: ${problem.message}`);
  return { layout: "persona-vectors-csv", trait, columns, rows: rows.map(({ cells }) => ({ ...cells })) };
}

/** The text of a file; a record that was spelt otherwise keeps its spelling. */
export function writeCaaFile(data: CaaFile): string {
  switch (data.layout) {
    case "psyctl":
    case "psyctl-new":
      return formatJsonl(recordsOf(data.layout, data.items));
    case "caa":
      return `${JSON.stringify(recordsOf("caa", data.items), null, 4)}\n`;
    case "caa-open":
      return `${JSON.stringify(data.records, null, 4)}\n`;
    case "persona-vectors":
      return `${JSON.stringify(data.trait, null, 4)}\n`;
    case "persona-vectors-csv":
      return `${Papa.unparse(data.rows, { columns: data.columns, newline: "\n" })}\n`;
  }
}

function recordsOf(layout: PairLayoutName, items: readonly CaaItem[]): Record<string, unknown>[] {
  return items.map((item) => item.raw ?? pairLayouts[layout].write(item));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function unknown(name: string): AppError {
  return new AppError(
    "invalid-file",
    `${name}: no CAA dataset: psyctl JSON Lines, nrimsky/CAA JSON, or a persona_vectors trait (JSON) or its answers (CSV) is expected`,
  );
}
