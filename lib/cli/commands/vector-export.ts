import path from "node:path";
import type { VectorFormatName } from "#lib/formats/vectors/format-names.ts";
import { vectorFormats } from "#lib/formats/vectors/registry.ts";
import { tillerHome, userPath } from "#lib/server/paths.ts";
import { FolderStore } from "#lib/server/store/folder-store.ts";
import { readVectorSet, type VectorChoice } from "#lib/server/vectors/sets.ts";
import { print, tell } from "../output.ts";

/** `tiller vectors export`: one method's vectors as the files of another tool, and the lines that use them there. */
export async function vectorExportCommand({
  format,
  output,
  ...choice
}: VectorChoice & { format: VectorFormatName; output: string }): Promise<void> {
  const home = tillerHome();
  const set = await readVectorSet(new FolderStore(home), { home }, choice);
  const { files, convention, usage } = vectorFormats[format];
  const folder = new FolderStore(userPath(output));
  for (const { name, bytes } of files(set, new Date().toISOString())) {
    await folder.write(name, bytes);
    print(path.join(userPath(output), name));
  }
  tell(`${set.trait}, ${set.method}: ${convention}`);
  process.stderr.write(`\n${usage(set)}\n`);
}
