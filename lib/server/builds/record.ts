import { type BuildRecord, buildRecordSchema } from "#lib/builds/api.ts";
import type { OutputFolder } from "#lib/builds/ports.ts";
import { formatJson, parseJson } from "#lib/formats/json.ts";

const FILE = "build.json";

/** Null where no build was begun. Throws `invalid-file`. */
export async function readRecord(output: Pick<OutputFolder, "readText">): Promise<BuildRecord | null> {
  const text = await output.readText(FILE);
  return text === null ? null : parseJson(text, FILE, buildRecordSchema);
}

export function writeRecord(output: Pick<OutputFolder, "write">, record: BuildRecord): Promise<void> {
  return output.write(FILE, formatJson(record));
}

/** True for what a build's folder holds that is Tiller's own. */
export function isOwnFile(name: string): boolean {
  return name === FILE || name.startsWith(".tiller/");
}
