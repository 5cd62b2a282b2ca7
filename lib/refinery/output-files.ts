import type { Line, OutputFolder } from "#lib/builds/ports.ts";

/** What a build's folder holds. */
export const outputFiles = {
  accepted: "dataset_v1.jsonl",
  rejected: "dataset_v1_rejected.jsonl",
  stats: "dataset_v1_stats.json",
  manifest: "dataset_v1_manifest.json",
} as const;

/** Inputs that a build makes for itself. */
export const producedFiles = {
  plan: "plan.jsonl",
  drafts: "drafts.jsonl",
  critiques: "critiques.jsonl",
} as const;

/** The lines that a build has written whole: a last one without its line break is what a kill left of one. */
export async function* wholeLines(output: OutputFolder, path: string): AsyncIterable<Line> {
  const [file, stat] = [await output.open(path), await output.stat(path)];
  if (!file || !stat) return;
  for await (const line of file.lines()) {
    if (line.offset + line.bytes < stat.bytes && line.text.trim() !== "") yield line;
  }
}
