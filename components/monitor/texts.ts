import type { Table } from "#lib/traits/import/table.ts";
import type { MonitoredText } from "./text-source.tsx";

/** A file's rows, and which column is read. */
export interface TableTexts {
  table: Table;
  column: string;
}

/** Lines that hold something. */
export function textsOfSource(text: string): MonitoredText[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => (line.trim() === "" ? [] : [{ text: line, side: null }]));
}

export function readTable({ table, column }: TableTexts): MonitoredText[] {
  return table.rows.flatMap(({ cells }) => {
    const text = cells[column] ?? "";
    return text.trim() === "" ? [] : [{ text, side: null }];
  });
}
