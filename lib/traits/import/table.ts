import Papa from "papaparse";
import { normaliseText, splitLines } from "../lines.ts";
import type { TraitProblem } from "../scenario.ts";

/** Rows of text by column name, and what could not be read. */
export interface Table {
  columns: string[];
  rows: { line: number; cells: Readonly<Record<string, string>> }[];
  problems: TraitProblem[];
}

/** Reads CSV whose first row names the columns; `,`, `;` or tabs part them, quoted cells may have line breaks. */
export function readCsv(text: string, file: string): Table {
  const body = normaliseText(text).replaceAll("\r", "\n");
  const rows: Table["rows"] = [];
  const problems: TraitProblem[] = [];
  let columns: string[] | null = null;
  let [line, at] = [1, 0];
  Papa.parse<string[]>(body, {
    newline: "\n",
    delimitersToGuess: [",", "\t", ";"],
    step({ data, errors, meta }) {
      const start = line;
      line += body.slice(at, meta.cursor).split("\n").length - 1;
      at = meta.cursor;
      if (errors.some(({ type }) => type === "Quotes")) {
        const message = 'a quoted cell does not end well: write "" for a quote inside, and close it';
        problems.push({ file, line: start, message });
      } else if (data.every((cell) => cell.trim() === "")) return;
      else if (columns === null) columns = data.map((name, column) => name.trim() || `column ${column + 1}`);
      else if (data.length > columns.length) {
        const message = `${data.length} cells for ${columns.length} columns: put cells with commas in quotes`;
        problems.push({ file, line: start, message });
      } else {
        rows.push({
          line: start,
          cells: Object.fromEntries(columns.map((name, column) => [name, data[column] ?? ""])),
        });
      }
    },
  });
  if (columns === null)
    problems.push({ file, line: null, message: "it is empty: name the columns in its first row" });
  return { columns: columns ?? [], rows, problems };
}

/** Reads JSON Lines: an object a line. Text is taken as it is, any other value as its JSON. */
export function readJsonl(text: string, file: string): Table {
  const columns = new Set<string>();
  const rows: Table["rows"] = [];
  const problems: TraitProblem[] = [];
  for (const { line, text: written } of splitLines(normaliseText(text))) {
    if (written.trim() === "") continue;
    const record = objectOf(written);
    if (typeof record === "string") {
      problems.push({ file, line, message: record });
      continue;
    }
    const cells = Object.fromEntries(
      Object.entries(record).map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    for (const name of Object.keys(cells)) columns.add(name);
    rows.push({ line, cells });
  }
  if (rows.length === 0 && problems.length === 0)
    problems.push({
      file,
      line: null,
      message: 'it is empty: write one {"positive": "…", "negative": "…"} per line',
    });
  return { columns: [...columns], rows, problems };
}

/** The line's object, or why it is none. */
function objectOf(text: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return { ...value };
    return 'no object: write {"positive": "…", "negative": "…"}';
  } catch (error) {
    return `malformed JSON: ${(error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ")}`;
  }
}
