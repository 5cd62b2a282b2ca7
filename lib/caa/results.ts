import { z } from "zod";
import type { OutputFolder } from "#lib/builds/ports.ts";
import { AppError } from "#lib/core/errors.ts";
import { balanceOf } from "./balance.ts";
import { readCheckpoint, readHeader } from "./checkpoint.ts";
import { filesOf, stemsIn } from "./files.ts";
import { readJournal } from "./journal.ts";
import {
  type DatasetSummary,
  failedSchema,
  type Outcome,
  type PersonaRecord,
  personaSchema,
  type RejectionReason,
  rejectedSchema,
  sampleSchema,
} from "./records.ts";

/** What lies in a build's folder, the newest dataset of each personality first. Nothing is written. */
export async function listDatasets(output: OutputFolder): Promise<DatasetSummary[]> {
  const files = await output.list("");
  const folders = ["", ...new Set(files.flatMap((file) => /^[^/.][^/]*\//.exec(file) ?? []))];
  const found: DatasetSummary[] = [];
  for (const folder of folders) {
    for (const stem of stemsIn(files, folder)) found.push(await summarise(output, folder, stem));
  }
  return found;
}

async function summarise(output: OutputFolder, folder: string, stem: string): Promise<DatasetSummary> {
  const files = filesOf(folder, stem);
  const checkpoint = await readCheckpoint(output, files).catch(() => null);
  const settings = checkpoint?.settings ?? (await readHeader(output, files));
  const rows = await readRows(output, files.work);
  const samples = rows.filter(({ kind }) => kind === "sample");
  const rejected: Partial<Record<RejectionReason, number>> = {};
  for (const row of rows) if (row.kind === "rejected") rejected[row.reason] = (rejected[row.reason] ?? 0) + 1;
  return {
    personality: settings?.personality ?? "",
    folder: folder.replace(/\/$/, ""),
    file: files.dataset,
    checkpoint: files.checkpoint,
    work: files.work,
    samples: samples.length,
    rejected,
    failed: rows.filter(({ kind }) => kind === "failed").length,
    balance: balanceOf(samples.filter(isPositiveFirst).length, samples.length),
    finished: checkpoint?.finished ?? false,
    settings,
  };
}

type Row = { row: number } & (
  | { kind: "sample"; first: "positive" | "neutral" }
  | { kind: "rejected"; reason: RejectionReason }
  | { kind: "failed" }
);

function isPositiveFirst(row: Row): boolean {
  return row.kind === "sample" && row.first === "positive";
}

/** What became of each row last, in the order of the rows. */
async function readRows(output: OutputFolder, work: string): Promise<Row[]> {
  const rows = new Map<number, Row>();
  for await (const line of readJournal(output, work)) {
    if (line === null || line.kind === "build" || line.kind === "persona") continue;
    const { kind, row } = line;
    if (kind === "sample") rows.set(row, { kind, row, first: line.first });
    else if (rows.get(row)?.kind === "sample") continue;
    else rows.set(row, kind === "rejected" ? { kind, row, reason: line.reason } : { kind, row });
  }
  return [...rows.values()].sort((a, b) => a.row - b.row);
}

/** Which outcomes of a dataset a browser asks for. */
export const outcomesQuerySchema = z.object({
  /** `DatasetSummary.work` */
  work: z.string().min(1).max(300),
  kind: z.enum(["sample", "rejected", "failed"]).default("sample"),
  /** Only with this in a text, whatever its case. */
  search: z.string().max(200).default(""),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export type OutcomesQuery = z.output<typeof outcomesQuerySchema>;

export const outcomesPageSchema = z.object({
  /** Of all that fit the query. */
  total: z.number().int(),
  outcomes: z.array(z.discriminatedUnion("kind", [sampleSchema, rejectedSchema, failedSchema])),
  /** What the characters of these outcomes are told they are, and the personality's words. */
  personas: z.array(personaSchema),
});
export type OutcomesPage = z.infer<typeof outcomesPageSchema>;

/** A page of what became of the scenarios, in the order of their rows. Throws `not-found` for a dataset that is not there. */
export async function readOutcomes(output: OutputFolder, query: OutcomesQuery): Promise<OutcomesPage> {
  const { work, kind, search, offset, limit } = query;
  const known = (await listWork(output)).includes(work);
  if (!known) throw new AppError("not-found", `the build has no dataset ${JSON.stringify(work)}`);
  const rows = new Map((await readRows(output, work)).map((row) => [row.row, row.kind]));
  const wanted = search.trim().toLowerCase();
  const found = new Map<number, Outcome>();
  const personas: PersonaRecord[] = [];
  for await (const line of readJournal(output, work)) {
    if (line?.kind === "persona") personas.push(line);
    if (line === null || line.kind === "build" || line.kind === "persona") continue;
    if (line.kind !== kind || rows.get(line.row) !== kind) continue;
    if (wanted !== "" && !textOf(line).includes(wanted)) continue;
    found.set(line.row, line);
  }
  const all = [...found.values()].sort((a, b) => a.row - b.row);
  const outcomes = all.slice(offset, offset + limit);
  const names = new Set(outcomes.map(({ scenario }) => scenario?.name));
  return {
    total: all.length,
    outcomes,
    personas: personas.filter(({ name }) => name === null || names.has(name)),
  };
}

async function listWork(output: OutputFolder): Promise<string[]> {
  return (await output.list("")).filter((file) => /(^|\/)caa_dataset_\d{8}_\d{6}\.work\.ndjson$/.test(file));
}

function textOf(outcome: Outcome): string {
  const { scenario } = outcome;
  const told = [outcome.id, scenario?.situation, scenario?.name, scenario?.question];
  const said = outcome.kind === "failed" ? [outcome.error.userMessage] : [outcome.positive, outcome.neutral];
  return [...told, ...said].join("\n").toLowerCase();
}
