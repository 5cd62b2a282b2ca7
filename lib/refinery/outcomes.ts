import { z } from "zod";
import type { OutputFolder } from "#lib/builds/ports.ts";
import { readRecord } from "#lib/builds/read-records.ts";
import { AppError } from "#lib/core/errors.ts";
import { formatJsonl } from "#lib/formats/jsonl.ts";
import { outputFiles, wholeLines } from "./output-files.ts";
import type { AcceptedRecord, RejectedRecord } from "./records.ts";

const named = z.looseObject({ id: z.string() });

export interface OutcomeIds {
  accepted: Set<string>;
  rejected: Set<string>;
}

/**
 * The ids that have an outcome. What a kill left of a second try is put right first: an id that is accepted is no longer
 * rejected, and of two rejections the later one counts.
 * @param readOnly only tells what would hold then
 */
export async function settledIds(output: OutputFolder, { readOnly = false } = {}): Promise<OutcomeIds> {
  const { accepted, rejected } = outputFiles;
  const ids: OutcomeIds = { accepted: new Set(), rejected: new Set() };
  for await (const line of wholeLines(output, accepted)) {
    const { id } = readRecord(line, accepted, named);
    if (ids.accepted.has(id)) {
      throw new AppError(
        "invalid-file",
        `${accepted}:${line.number}: id ${id} is there twice: remove this line`,
      );
    }
    ids.accepted.add(id);
  }
  let outdated = false;
  for await (const line of wholeLines(output, rejected)) {
    const { id } = readRecord(line, rejected, named);
    if (ids.accepted.has(id) || ids.rejected.has(id)) outdated = true;
    if (!ids.accepted.has(id)) ids.rejected.add(id);
  }
  if (outdated && !readOnly) await rewriteRejected(output, ids.accepted);
  return ids;
}

async function rewriteRejected(output: OutputFolder, accepted: ReadonlySet<string>): Promise<void> {
  const last = new Map<string, string>();
  for await (const line of wholeLines(output, outputFiles.rejected)) {
    const { id } = readRecord(line, outputFiles.rejected, named);
    last.delete(id);
    if (!accepted.has(id)) last.set(id, line.text);
  }
  await output.write(outputFiles.rejected, [...last.values()].map((text) => `${text}\n`).join(""));
}

/** A build without accepted, or without rejected records has an empty file of them. */
export async function ensureOutcomeFiles(output: OutputFolder): Promise<void> {
  for (const file of [outputFiles.accepted, outputFiles.rejected]) {
    if ((await output.stat(file)) === null) await output.write(file, "");
  }
}

export function appendAccepted(output: OutputFolder, record: AcceptedRecord): Promise<void> {
  return output.append(outputFiles.accepted, formatJsonl([record]));
}

export function appendRejected(output: OutputFolder, record: RejectedRecord): Promise<void> {
  return output.append(outputFiles.rejected, formatJsonl([record]));
}
