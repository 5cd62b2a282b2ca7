import type { OutputFolder } from "#lib/builds/ports.ts";
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
  for await (const line of readJournal(output, files.work)) {
    if (line === null) damaged++;
    else if (line.kind === "persona") state.personas.push(line);
    else if (line.kind !== "build" && state.rows.get(line.row) !== "sample") {
      state.rows.set(line.row, line.kind);
      if (line.kind === "rejected")
        state.rejected.set(line.reason, (state.rejected.get(line.reason) ?? 0) + 1);
      if (line.kind !== "sample") continue;
      state.samples++;
      if (line.first === "positive") state.positiveFirst++;
      const text = lineOf(line, layout);
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

/** Null for a damaged line. */
export async function* readJournal(output: OutputFolder, work: string): AsyncGenerator<JournalLine | null> {
  const file = await output.open(work);
  if (!file) return;
  for await (const { text } of file.lines()) {
    if (text.trim() === "") continue;
    const line = journalLineSchema.safeParse(tryJson(text));
    yield line.success ? line.data : null;
  }
}
