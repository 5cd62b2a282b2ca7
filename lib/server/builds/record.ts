import { z } from "zod";
import { buildStates } from "#lib/builds/api.ts";
import type { OutputFolder } from "#lib/builds/ports.ts";
import { buildProgressSchema } from "#lib/builds/progress.ts";
import { errorJsonSchema } from "#lib/core/errors.ts";
import { formatJson, parseJson } from "#lib/formats/json.ts";

const FILE = "build.json";

/** What a build's folder says of it. `running` after a start: its server died, and it goes on. */
const recordSchema = z.object({
  state: z.enum(buildStates),
  request: z.unknown(),
  progress: buildProgressSchema,
  error: errorJsonSchema.nullable(),
  created_at: z.string(),
  ended_at: z.string().nullable(),
});
export type BuildRecord = z.infer<typeof recordSchema>;

/** Null where no build was begun. Throws `invalid-file`. */
export async function readRecord(output: Pick<OutputFolder, "readText">): Promise<BuildRecord | null> {
  const text = await output.readText(FILE);
  return text === null ? null : parseJson(text, FILE, recordSchema);
}

export function writeRecord(output: Pick<OutputFolder, "write">, record: BuildRecord): Promise<void> {
  return output.write(FILE, formatJson(record));
}

/** True for what a build's folder holds that is Tiller's own. */
export function isOwnFile(name: string): boolean {
  return name === FILE || name.startsWith(".tiller/");
}
