import { z } from "zod";
import { contentHash, sha256 } from "#lib/core/hash.ts";
import { formatJson, parseJson } from "#lib/formats/json.ts";
import type { ArtifactStore } from "./ports.ts";

const hashes = z.record(z.string(), z.string());

const stageRecordSchema = z.looseObject({
  fingerprint: z.string(),
  /** `writing` is marked before the first output: files of a stage that was cut off are never taken for imported ones. */
  state: z.enum(["writing", "done"]),
  inputs: hashes.default({}),
  outputs: hashes.default({}),
  completed_at: z.string().optional(),
  run_id: z.string().optional(),
  counts: z.record(z.string(), z.number()).default({}),
  retry: z.number().default(0),
  seconds: z.number().default(0),
  cost_usd: z.number().nullable().default(0),
});

/** One completed (or begun) stage in stages.json. */
export type StageRecord = z.infer<typeof stageRecordSchema>;

const stageRecordsSchema = z.record(z.string(), stageRecordSchema);
export type StageRecords = z.infer<typeof stageRecordsSchema>;

/** Reads stages.json; none when it is not there. Throws `invalid-file`. */
export async function readRecords(artifacts: ArtifactStore, path: string): Promise<StageRecords> {
  const text = await artifacts.readText(path);
  return text === null ? {} : parseJson(text, path, stageRecordsSchema);
}

export async function writeRecord(
  artifacts: ArtifactStore,
  path: string,
  key: string,
  record: StageRecord,
): Promise<void> {
  const records = await readRecords(artifacts, path);
  await artifacts.write(path, formatJson({ ...records, [key]: record }));
}

/** A stage's fingerprint: equal fingerprints mean equal results. */
export function stageFingerprint(stage: string, version: string, determinants: unknown): Promise<string> {
  return contentHash({ stage, version, determinants });
}

/** SHA-256 by path. A file that is not there is left out. */
export async function hashFiles(
  artifacts: ArtifactStore,
  paths: readonly string[],
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const path of paths) {
    const bytes = await artifacts.read(path);
    if (bytes) found[path] = await sha256(bytes);
  }
  return found;
}

export async function allExist(artifacts: ArtifactStore, paths: readonly string[]): Promise<boolean> {
  for (const path of paths) {
    if ((await artifacts.stat(path)) === null) return false;
  }
  return true;
}
