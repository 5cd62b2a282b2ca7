import { KeptIndexes } from "#lib/builds/kept-indexes.ts";
import type { LineFile, OutputFolder, Place } from "#lib/builds/ports.ts";
import { recordAt } from "#lib/builds/read-records.ts";
import { AppError } from "#lib/core/errors.ts";
import type { OutcomesPage, OutcomesQuery } from "./api.ts";
import { balanceOf } from "./balance.ts";
import { readCheckpoint, readHeader } from "./checkpoint.ts";
import { type DatasetFiles, filesOf, stemsIn } from "./files.ts";
import { indexJournal, type JournalIndex, type Row, rowsWith } from "./journal-index.ts";
import { type DatasetSummary, outcomeSchema, personaSchema, type RejectionReason } from "./records.ts";

interface Dataset extends DatasetFiles {
  /** "" or `name/` */
  folder: string;
}

/** The datasets of a build's folder by their names alone, the newest of each personality first. */
async function datasetsIn(output: OutputFolder): Promise<Dataset[]> {
  const files = await output.list("");
  const folders = ["", ...new Set(files.flatMap((file) => /^[^/.][^/]*\//.exec(file) ?? []))];
  return folders.flatMap((folder) =>
    stemsIn(files, folder).map((stem) => ({ folder, ...filesOf(folder, stem) })),
  );
}

/** A dataset by its file, without a look at what became of its scenarios; null where it is not there. */
export async function lookUpDataset(
  output: OutputFolder,
  file: string,
): Promise<Pick<DatasetSummary, "personality" | "work"> | null> {
  const files = (await datasetsIn(output)).find(({ dataset }) => dataset === file);
  if (!files) return null;
  const { settings } = await stateOf(output, files);
  return { personality: settings?.personality ?? "", work: files.work };
}

async function stateOf(
  output: OutputFolder,
  files: DatasetFiles,
): Promise<Pick<DatasetSummary, "settings" | "finished">> {
  const checkpoint = await readCheckpoint(output, files).catch(() => null);
  const settings = checkpoint?.settings ?? (await readHeader(output, files));
  return { settings, finished: checkpoint?.finished ?? false };
}

interface OpenJournal {
  file: LineFile;
  /** Tells whether the journal has changed. */
  state: string;
  index: JournalIndex;
}

/** The results of builds, to be looked through. Nothing is written; a journal that stays the same is read once. */
export class DatasetResults {
  /** Of the last build that was looked through. */
  readonly #indexes = new KeptIndexes<JournalIndex>();
  /** The last search: its next page does not look again. */
  #found: { search: string; rows: Row[] } | null = null;

  /** What lies in a build's folder, the newest dataset of each personality first. */
  async list(build: string, output: OutputFolder): Promise<DatasetSummary[]> {
    const found: DatasetSummary[] = [];
    for (const { folder, ...files } of await datasetsIn(output)) {
      const { settings, finished } = await stateOf(output, files);
      const journal = await this.#open(build, output, files.work);
      found.push({
        personality: settings?.personality ?? "",
        folder: folder.replace(/\/$/, ""),
        file: files.dataset,
        checkpoint: files.checkpoint,
        work: files.work,
        ...countsOf(journal?.index.rows ?? []),
        finished,
        settings,
      });
    }
    return found;
  }

  /**
   * A page of what became of the scenarios, in the order of their rows. Throws `not-found` for a dataset that is not
   * there, and `aborted`.
   */
  async page(
    build: string,
    output: OutputFolder,
    query: OutcomesQuery,
    signal?: AbortSignal,
  ): Promise<OutcomesPage> {
    const { work, offset, limit } = query;
    const known = (await datasetsIn(output)).some((dataset) => dataset.work === work);
    const journal = known ? await this.#open(build, output, work) : null;
    if (!journal) throw new AppError("not-found", `the build has no dataset ${JSON.stringify(work)}`);
    const { file, index } = journal;
    const rows = await this.#matching(build, journal, query, signal);
    const outcomes = await readAll(rows.slice(offset, offset + limit), (row) =>
      recordAt(file, row, outcomeSchema),
    );
    const names = new Set<string | null>([null, ...outcomes.map(({ scenario }) => scenario?.name ?? null)]);
    const told = index.personas.filter(({ name }) => names.has(name));
    const personas = await readAll(told, (place) => recordAt(file, place, personaSchema));
    return { total: rows.length, outcomes, personas };
  }

  async #matching(
    build: string,
    { file, state, index }: OpenJournal,
    { work, kind, ...query }: OutcomesQuery,
    signal: AbortSignal | undefined,
  ): Promise<readonly Row[]> {
    const rows = index.rows.filter((row) => row.kind === kind);
    const wanted = query.search.trim().toLowerCase();
    if (wanted === "") return rows;
    const search = JSON.stringify([build, work, state, kind, wanted]);
    if (this.#found?.search === search) return this.#found.rows;
    const found = await rowsWith(file, rows, wanted, signal);
    this.#found = { search, rows: found };
    return found;
  }

  /** Null where there is no journal. */
  async #open(build: string, output: OutputFolder, work: string): Promise<OpenJournal | null> {
    const [file, stat] = [await output.open(work), await output.stat(work)];
    if (!file || !stat) return null;
    const state = JSON.stringify(stat);
    const index = await this.#indexes.get(build, work, state, (former) => indexJournal(file, former));
    return { file, state, index };
  }
}

async function readAll<At extends Place, T>(
  places: readonly At[],
  read: (place: At) => Promise<T>,
): Promise<T[]> {
  const found: T[] = [];
  for (const place of places) found.push(await read(place));
  return found;
}

function countsOf(rows: readonly Row[]): Pick<DatasetSummary, "samples" | "rejected" | "failed" | "balance"> {
  const count = (fits: (row: Row) => boolean) => rows.reduce((sum, row) => sum + (fits(row) ? 1 : 0), 0);
  const rejected: Partial<Record<RejectionReason, number>> = {};
  for (const { reason } of rows) if (reason) rejected[reason] = (rejected[reason] ?? 0) + 1;
  const samples = count(({ kind }) => kind === "sample");
  return {
    samples,
    rejected,
    failed: count(({ kind }) => kind === "failed"),
    balance: balanceOf(
      count(({ first }) => first === "positive"),
      samples,
    ),
  };
}
