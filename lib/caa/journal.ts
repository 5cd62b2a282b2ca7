import type { Line, LineFile, OutputFolder, Place } from "#lib/builds/ports.ts";
import { records } from "#lib/builds/read-records.ts";
import { tryJson } from "./checkpoint.ts";
import { type ForeignLine, lineOf, readForeignLine } from "./dataset-line.ts";
import type { DatasetFiles } from "./files.ts";
import type { BuildLayout } from "./layouts/names.ts";
import { type JournalLine, journalLineSchema, type PersonaRecord, type RejectionReason } from "./records.ts";

/** What an earlier start did. */
export interface JournalState {
  /** By row. */
  rows: Map<number, "sample" | "rejected" | "failed">;
  samples: number;
  positiveFirst: number;
  rejected: Map<RejectionReason, number>;
  personas: PersonaRecord[];
  /** Lines of the dataset that the journal does not know, by their scenario. */
  foreign: Map<string, ForeignLine>;
  /** What was mended, in a person's words. */
  notices: string[];
}

/**
 * Reads the journal, and makes the dataset's file hold every sample of it once: a half last line is cut, a missing line
 * is added. Lines of the dataset that the journal does not know stay.
 */
export async function reconcile(
  output: OutputFolder,
  files: DatasetFiles,
  layout: BuildLayout,
): Promise<JournalState> {
  const state: JournalState = {
    rows: new Map(),
    samples: 0,
    positiveFirst: 0,
    rejected: new Map(),
    personas: [],
    foreign: new Map(),
    notices: [],
  };
  await cutHalfLine(output, files.dataset);
  await cutHalfLine(output, files.work);
  const lines = await linesOf(output, files.dataset);
  const missing: string[] = [];
  let damaged = 0;
  const journal = await output.open(files.work);
  for await (const { record } of journal ? readJournal(journal, () => damaged++) : []) {
    if (record.kind === "persona") state.personas.push(record);
    else if (record.kind !== "build" && state.rows.get(record.row) !== "sample") {
      state.rows.set(record.row, record.kind);
      if (record.kind === "rejected")
        state.rejected.set(record.reason, (state.rejected.get(record.reason) ?? 0) + 1);
      if (record.kind !== "sample") continue;
      state.samples++;
      if (record.first === "positive") state.positiveFirst++;
      const text = lineOf(record, layout);
      if (!takeOne(lines, text)) missing.push(text);
    }
  }
  if (damaged > 0) state.notices.push(`${files.work}: ${damaged} damaged lines are passed over`);
  if (missing.length > 0) {
    await output.append(files.dataset, missing.map((line) => `${line}\n`).join(""));
    state.notices.push(`${files.dataset}: ${missing.length} lines that were lost are written again`);
  }
  for (const [text, count] of lines) {
    const line = count > 0 ? readForeignLine(text, layout) : null;
    if (line) state.foreign.set(line.head, line);
  }
  return state;
}

/** Lines that are sound, with how often they are there. */
async function linesOf(output: OutputFolder, dataset: string): Promise<Map<string, number>> {
  const lines = new Map<string, number>();
  const file = await output.open(dataset);
  if (!file) return lines;
  for await (const { text } of file.lines()) {
    if (tryJson(text) !== undefined) lines.set(text, (lines.get(text) ?? 0) + 1);
  }
  return lines;
}

/** Takes a last line without its end away: it was never acknowledged. */
async function cutHalfLine(output: OutputFolder, path: string): Promise<void> {
  const bytes = (await output.stat(path))?.bytes ?? 0;
  const file = bytes === 0 ? null : await output.open(path);
  if (!file) return;
  // The kill may have come within a character.
  const end = await file.at({ offset: bytes - 1, bytes: 1 }).catch(() => "");
  if (end === "\n") return;
  const text = (await output.readText(path)) ?? "";
  await output.write(path, text.slice(0, text.lastIndexOf("\n") + 1));
}

function takeOne(lines: Map<string, number>, text: string): boolean {
  const count = lines.get(text) ?? 0;
  if (count === 0) return false;
  lines.set(text, count - 1);
  return true;
}

/** What the journal tells, streamed; damaged lines are left out. @param after as in `LineFile.lines` */
export async function* readJournal(
  file: LineFile,
  onDamaged: () => void = () => {},
  after?: Place,
): AsyncIterable<{ record: JournalLine; line: Line }> {
  yield* records(file, journalLineSchema, onDamaged, after);
}
