import type { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { checkShape, parseJsonText } from "./json.ts";

/** One line per row, `\n` after each. Throws `invalid-input` with the row and path of a NaN or Infinity. */
export function formatJsonl(rows: readonly unknown[]): string {
  return rows.map((row, at) => `${formatLine(row, at)}\n`).join("");
}

function formatLine(row: unknown, at: number): string {
  const text = JSON.stringify(row, (key, value: unknown) => {
    if (typeof value !== "number" || Number.isFinite(value)) return value;
    throw new AppError("invalid-input", `row ${at}: ${key || "value"} is ${value}, which JSON cannot hold`);
  });
  if (text === undefined)
    throw new AppError("invalid-input", `row ${at} is undefined, which JSON cannot hold`);
  return text;
}

export interface JsonlOptions {
  /** Drop a last line without its `\n` that is not whole JSON: the trace of a process killed while it appended. */
  allowHalfLastLine?: boolean;
}

/**
 * Reads JSON Lines: one value per line, blank lines ignored, CRLF and a BOM accepted.
 * Throws `invalid-file` naming file and line: `x.jsonl:7:12: malformed JSON: …` or `x.jsonl:7: score: …`.
 */
export function parseJsonl<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
  { allowHalfLastLine = false }: JsonlOptions = {},
): z.output<Schema>[] {
  const sound = allowHalfLastLine ? withoutHalfLastLine(text) : text;
  const body = sound.startsWith("\uFEFF") ? sound.slice(1) : sound;
  return body.split("\n").flatMap((line, at) => {
    if (line.trim() === "") return [];
    return [checkShape(parseJsonText(line, file, at + 1), `${file}:${at + 1}`, schema)];
  });
}

/**
 * The text up to its last whole line. Whoever appends to a log after a kill truncates it to this first, or the next
 * row would be glued to the half one.
 */
export function withoutHalfLastLine(text: string): string {
  const lastLine = text.slice(text.lastIndexOf("\n") + 1);
  try {
    if (lastLine.trim() !== "") JSON.parse(lastLine);
    return text;
  } catch {
    return text.slice(0, text.length - lastLine.length);
  }
}
