import type { OutputFolder } from "#lib/builds/ports.ts";
import { AppError } from "#lib/core/errors.ts";
import { formatJson, parseJson } from "#lib/formats/json.ts";
import type { DatasetFiles } from "./files.ts";
import { type BuildSettings, type Checkpoint, checkpointSchema, journalLineSchema } from "./records.ts";

/**
 * Null where there is none. Throws `invalid-file` for a damaged one: what to do, and what stays.
 */
export async function readCheckpoint(
  output: OutputFolder,
  { checkpoint, dataset }: DatasetFiles,
): Promise<Checkpoint | null> {
  const text = await output.readText(checkpoint);
  if (text === null) return null;
  try {
    return parseJson(text, checkpoint, checkpointSchema);
  } catch (cause) {
    const sound = await soundLines(output, dataset);
    throw new AppError(
      "invalid-file",
      `the checkpoint ${checkpoint} is damaged: delete it and give the same command again; the ${sound} sound lines of ${dataset} stay and are counted`,
      { cause, details: { file: checkpoint, sound_lines: sound } },
    );
  }
}

export function writeCheckpoint(
  output: OutputFolder,
  { checkpoint }: DatasetFiles,
  state: Checkpoint,
): Promise<void> {
  return output.write(checkpoint, formatJson(state));
}

/** The settings that a journal's first line tells; null where there is no journal. */
export async function readHeader(
  output: OutputFolder,
  { work }: DatasetFiles,
): Promise<BuildSettings | null> {
  const file = await output.open(work);
  if (!file) return null;
  for await (const { text } of file.lines()) {
    const line = journalLineSchema.safeParse(tryJson(text));
    return line.success && line.data.kind === "build" ? line.data.settings : null;
  }
  return null;
}

async function soundLines(output: OutputFolder, dataset: string): Promise<number> {
  const file = await output.open(dataset);
  if (!file) return 0;
  let sound = 0;
  for await (const { text } of file.lines()) if (tryJson(text) !== undefined) sound++;
  return sound;
}

export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
