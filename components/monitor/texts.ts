import { type Polarity, polarities } from "#lib/core/names.ts";
import { readTrait, type TraitTexts } from "#lib/traits/document.ts";
import type { Table } from "#lib/traits/import/table.ts";

/** A text to be read; a side where it is a trait's line. */
export interface MonitoredText {
  text: string;
  side: Polarity | null;
}

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

/** A trait's scenarios, the positive side first. */
export function linesOfTrait(texts: TraitTexts): MonitoredText[] {
  const { pairs } = readTrait(texts);
  return polarities.flatMap((side) =>
    pairs.flatMap((pair) => {
      const scenario = pair[side];
      return scenario ? [{ text: scenario.prompt, side }] : [];
    }),
  );
}
