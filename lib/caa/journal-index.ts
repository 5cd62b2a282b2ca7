import type { LineFile, Place } from "#lib/builds/ports.ts";
import { placeOf, readRecord } from "#lib/builds/read-records.ts";
import { throwIfAborted } from "#lib/core/errors.ts";
import { readJournal } from "./journal.ts";
import { type Outcome, outcomeSchema, type RejectionReason, type SampleRecord } from "./records.ts";

/** What became of a row last, and where the journal tells it. */
export interface Row extends Place {
  row: number;
  kind: Outcome["kind"];
  /** Null but for a rejected one. */
  reason: RejectionReason | null;
  /** Null but for a sample. */
  first: SampleRecord["first"] | null;
}

/** A working journal, to be looked through: where all lies, never the texts. */
export interface JournalIndex {
  /** In the source's order. */
  rows: readonly Row[];
  /** In the journal's order. */
  personas: readonly (Place & { name: string | null })[];
  /** The last line that counts: once the journal has grown it is read on from there. Null for none. */
  last: { place: Place; text: string } | null;
}

/** Where the former index's last line still is, only what follows it is read: journals are appended to. */
export async function indexJournal(file: LineFile, former: JournalIndex | null): Promise<JournalIndex> {
  const before = former?.last && (await isThere(file, former.last)) ? former : null;
  const rows = new Map(before?.rows.map((row) => [row.row, row]));
  const personas = [...(before?.personas ?? [])];
  let last = before?.last ?? null;
  for await (const { record, line } of readJournal(file, undefined, last?.place)) {
    const place = placeOf(line);
    last = { place, text: line.text };
    if (record.kind === "persona") personas.push({ ...place, name: record.name });
    if (record.kind === "persona" || record.kind === "build") continue;
    const { row, kind } = record;
    // A sample is never undone.
    if (kind !== "sample" && rows.get(row)?.kind === "sample") continue;
    const reason = kind === "rejected" ? record.reason : null;
    rows.set(row, { ...place, row, kind, reason, first: kind === "sample" ? record.first : null });
  }
  return { rows: [...rows.values()].sort(bySource), personas, last };
}

async function isThere(file: LineFile, { place, text }: { place: Place; text: string }): Promise<boolean> {
  return (await file.at(place).catch(() => null)) === text;
}

const bySource = (a: Row, b: Row) => a.row - b.row;

/**
 * Those of the rows in whose texts, in lower case, `wanted` is. The journal is read through; nothing of it is held.
 * Throws `aborted`.
 */
export async function rowsWith(
  file: LineFile,
  rows: readonly Row[],
  wanted: string,
  signal?: AbortSignal,
): Promise<Row[]> {
  const waiting = rows.toSorted((a, b) => b.offset - a.offset);
  const found: Row[] = [];
  for await (const line of file.lines()) {
    throwIfAborted(signal);
    const row = waiting.at(-1);
    if (!row) break;
    if (line.offset < row.offset) continue;
    waiting.pop();
    if (textOf(readRecord(line, file.name, outcomeSchema)).includes(wanted)) found.push(row);
  }
  return found.sort(bySource);
}

function textOf(outcome: Outcome): string {
  const { scenario } = outcome;
  const told = [outcome.id, scenario?.situation, scenario?.name, scenario?.question];
  const said = outcome.kind === "failed" ? [outcome.error.userMessage] : [outcome.positive, outcome.neutral];
  return [...told, ...said].join("\n").toLowerCase();
}
