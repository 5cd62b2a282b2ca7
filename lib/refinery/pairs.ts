import type { OutputFolder } from "#lib/builds/ports.ts";
import { readRecord } from "#lib/builds/read-records.ts";
import { contrastPairsSchema } from "./gates/contrast-pairs.ts";
import { outputFiles, wholeLines } from "./output-files.ts";
import { acceptedRecordSchema } from "./records.ts";

/** The pairs of every accepted record that holds some, each once: what `tiller traits import` reads. */
export async function acceptedPairs(output: OutputFolder): Promise<{ positive: string; negative: string }[]> {
  const pairs = new Map<string, { positive: string; negative: string }>();
  for await (const line of wholeLines(output, outputFiles.accepted)) {
    const { payload_type, response } = readRecord(line, outputFiles.accepted, acceptedRecordSchema);
    if (payload_type !== "contrast_pairs") continue;
    for (const { positive, negative } of contrastPairsSchema.parse(response.payload).pairs) {
      pairs.set(`${positive}\n${negative}`, { positive, negative });
    }
  }
  return [...pairs.values()];
}
