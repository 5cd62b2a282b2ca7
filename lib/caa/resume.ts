import type { OutputFolder } from "#lib/builds/ports.ts";
import { canonicalJson } from "#lib/core/hash.ts";
import { readCheckpoint, readHeader } from "./checkpoint.ts";
import { headOf, readForeignLine } from "./dataset-line.ts";
import { type DatasetFiles, filesOf, stemAt, stemsIn } from "./files.ts";
import { type BuildLayout, buildLayouts } from "./layouts/names.ts";
import type { BuildSettings } from "./records.ts";
import type { StreamedScenario } from "./scenarios/stream.ts";

/** Which dataset of the folder a start goes on with; `begun` false: a new one. */
export interface Found {
  files: DatasetFiles;
  begun: boolean;
}

/**
 * The newest dataset of these settings, by its checkpoint, else by its journal's first line; where neither is left, by
 * its own lines, all of which must be of the source's scenarios. Else a new one.
 * Throws `invalid-file` for a damaged checkpoint.
 */
export async function findDataset(
  output: OutputFolder,
  folder: string,
  settings: BuildSettings,
  scenarios: () => AsyncIterable<StreamedScenario>,
  now: () => Date,
): Promise<Found> {
  const stems = stemsIn(await output.list(""), folder);
  const wanted = canonicalJson(settings);
  const orphans: DatasetFiles[] = [];
  for (const stem of stems) {
    const files = filesOf(folder, stem);
    const checkpoint = await readCheckpoint(output, files);
    const told = checkpoint?.settings ?? (await readHeader(output, files));
    if (told && canonicalJson(told) === wanted) return { files, begun: true };
    if (!told && !checkpoint) orphans.push(files);
  }
  for (const files of orphans) {
    if (await isOf(output, files, settings.layout, scenarios)) return { files, begun: true };
  }
  return { files: filesOf(folder, freeStem(stems, now())), begun: false };
}

/** How far the source is read for the lines of a dataset that has nothing but them. */
const READ_AHEAD = (lines: number) => 10 * lines + 1_000;

async function isOf(
  output: OutputFolder,
  { dataset }: DatasetFiles,
  layout: string,
  scenarios: () => AsyncIterable<StreamedScenario>,
): Promise<boolean> {
  const written = buildLayouts.find((name): name is BuildLayout => name === layout);
  const file = await output.open(dataset);
  if (!file || !written) return false;
  const heads = new Set<string>();
  let last = true;
  for await (const { text } of file.lines()) {
    // Only the last line may be half.
    if (!last) return false;
    const line = readForeignLine(text, written);
    last = line !== null;
    if (line) heads.add(line.head);
  }
  if (heads.size === 0) return false;
  let left = READ_AHEAD(heads.size);
  for await (const { scenario } of scenarios()) {
    if (scenario) heads.delete(headOf(scenario, written));
    if (heads.size === 0) return true;
    if (--left === 0) return false;
  }
  return false;
}

/** The first second from now on that no dataset of the folder is named after. */
function freeStem(stems: readonly string[], now: Date): string {
  let time = now;
  while (stems.includes(stemAt(time))) time = new Date(time.getTime() + 1_000);
  return stemAt(time);
}
