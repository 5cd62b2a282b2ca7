import type { BuildPorts, LineFile, OutputFolder } from "#lib/builds/ports.ts";
import { AppError } from "#lib/core/errors.ts";
import { type CritiqueIndex, type DraftIndex, emptyJoinCounts, planRecords } from "./join.ts";
import type { OutcomeIds } from "./outcomes.ts";
import { outputFiles } from "./output-files.ts";
import type { RefineryRequest } from "./request.ts";

export interface GivenFile {
  /** Relative to the build's folder, as its manifest tells it. */
  path: string;
  file: LineFile;
}

/** Null: made by the teacher, in the build's own folder. */
export interface RefineryInputs {
  plan: GivenFile | null;
  drafts: GivenFile | null;
  critiques: GivenFile | null;
}

/** Throws `conflict` where outputs are there that the request does not go on from. */
export async function refuseOverwriting(
  output: OutputFolder,
  { resume, retry }: RefineryRequest,
): Promise<void> {
  if (resume || retry.length > 0) return;
  for (const file of Object.values(outputFiles)) {
    if (!(await output.stat(file))) continue;
    throw new AppError(
      "conflict",
      `${file} is there already: go on with --resume, or choose another folder; nothing was changed`,
    );
  }
}

/**
 * The ids of a second try that are still rejected: a start that goes on after a kill finds some accepted.
 * Throws `usage` for an id that has no outcome.
 */
export function retriedIds(retry: readonly string[], { accepted, rejected }: OutcomeIds): Set<string> {
  const unknown = retry.filter((id) => !rejected.has(id) && !accepted.has(id));
  if (unknown.length === 0) return new Set(retry.filter((id) => rejected.has(id)));
  const more = unknown.length > 1 ? ` (and ${unknown.length - 1} more)` : "";
  throw new AppError(
    "usage",
    `id ${unknown[0]}${more} is not among the rejected: only ids in ${outputFiles.rejected} can be tried again`,
  );
}

/** The ids that this start works on; null: every one without an outcome. */
export async function wantedIds(
  { limit, retry }: RefineryRequest,
  plan: LineFile,
  done: ReadonlySet<string>,
  { drafts, critiques }: { drafts: DraftIndex | null; critiques: CritiqueIndex | null },
): Promise<Set<string> | null> {
  if (retry.length > 0) return new Set(retry);
  if (limit === null) return null;
  const wanted = new Set<string>();
  for await (const { id } of planRecords(plan, emptyJoinCounts())) {
    if (wanted.size >= limit) break;
    const usable = !drafts || drafts.entries.has(id);
    if (usable && !done.has(id) && critiques?.entries.get(id)?.verdict !== "reject") wanted.add(id);
  }
  return wanted;
}

/** Lines that cannot be read are told by file and line; the first of them, not thousands. */
export function unreadableTold({ progress }: Pick<BuildPorts, "progress">): (message: string) => void {
  const most = 20;
  let told = 0;
  return (message) => {
    told++;
    if (told <= most) progress.notice(`left out: ${message}`);
    if (told === most) progress.notice("further lines that cannot be read are only counted");
  };
}
