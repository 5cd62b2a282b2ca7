import type { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { checkShape, parseJsonText } from "#lib/formats/json.ts";
import type { Line, LineFile, Place } from "./ports.ts";

/** Throws `invalid-file`: `drafts.jsonl:7: …`. */
export function readRecord<Schema extends z.ZodType>(
  { text, number }: Pick<Line, "text" | "number">,
  file: string,
  schema: Schema,
): z.output<Schema> {
  return checkShape(parseJsonText(text, file, number), `${file}:${number}`, schema);
}

/** Every record of a file, streamed; lines that are none are told and left out. @param after as in `LineFile.lines` */
export async function* records<Schema extends z.ZodType>(
  file: LineFile,
  schema: Schema,
  onUnreadable: (message: string) => void,
  after?: Place,
): AsyncIterable<{ record: z.output<Schema>; line: Line }> {
  for await (const line of file.lines(after)) {
    if (line.text.trim() === "") continue;
    let record: z.output<Schema>;
    try {
      record = readRecord(line, file.name, schema);
    } catch (error) {
      onUnreadable(AppError.from(error).message);
      continue;
    }
    yield { record, line };
  }
}

export function placeOf({ number, offset, bytes }: Place): Place {
  return { number, offset, bytes };
}

/** Reads again what `records` found there. */
export async function recordAt<Schema extends z.ZodType>(
  file: LineFile,
  place: Place,
  schema: Schema,
): Promise<z.output<Schema>> {
  return readRecord({ text: await file.at(place), number: place.number }, file.name, schema);
}
