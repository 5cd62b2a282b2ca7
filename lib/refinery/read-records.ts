import type { z } from "zod";
import type { Line, LineFile } from "#lib/builds/ports.ts";
import { AppError } from "#lib/core/errors.ts";
import { checkShape, parseJsonText } from "#lib/formats/json.ts";

/** Throws `invalid-file`: `drafts.jsonl:7: …`. */
export function readRecord<Schema extends z.ZodType>(
  { text, number }: Pick<Line, "text" | "number">,
  file: string,
  schema: Schema,
): z.output<Schema> {
  return checkShape(parseJsonText(text, file, number), `${file}:${number}`, schema);
}

/** Every record of a file, streamed; lines that are none are told and left out. */
export async function* records<Schema extends z.ZodType>(
  file: LineFile,
  schema: Schema,
  onUnreadable: (message: string) => void,
): AsyncIterable<{ record: z.output<Schema>; line: Line }> {
  for await (const line of file.lines()) {
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

/** Where a record lies, so that files never are held whole. */
export type Place = Pick<Line, "number" | "offset" | "bytes">;

export function placeOf({ number, offset, bytes }: Line): Place {
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
