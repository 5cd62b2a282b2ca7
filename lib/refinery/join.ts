import type { LineFile, Place } from "#lib/builds/ports.ts";
import { placeOf, records } from "#lib/builds/read-records.ts";
import {
  critiqueRecordSchema,
  draftRecordSchema,
  type PlanRecord,
  planRecordSchema,
  type Verdict,
} from "./records.ts";

/** Where every draft or critique lies, by its record's id. The first of an id counts. */
export interface RecordIndex<Entry extends Place> {
  file: LineFile;
  entries: Map<string, Entry>;
  duplicates: number;
  unreadable: number;
}

export type CritiquePlace = Place & { verdict: Verdict };
export type DraftIndex = RecordIndex<Place>;
export type CritiqueIndex = RecordIndex<CritiquePlace>;

/** What went into a join, and what of it cannot be refined. */
export interface JoinCounts {
  /** Plan records with an id of their own. */
  planned: number;
  unreadable: { plan: number; drafts: number; critiques: number };
  duplicates: { plan: number; drafts: number; critiques: number };
  /** Drafts and critiques whose id no plan record has. */
  unmatched: { drafts: number; critiques: number };
  /** Plan records by what their critique says. */
  verdicts: Record<Verdict | "none", number>;
  skipped: { critique_reject: number; missing_inputs: number; resume: number };
  /** To be refined, without a critique. */
  missing_critique: number;
  /** Left for another start by `limit` or by the choice of ids. */
  left: number;
  to_refine: number;
}

export function emptyJoinCounts(): JoinCounts {
  const files = { plan: 0, drafts: 0, critiques: 0 };
  return {
    planned: 0,
    unreadable: { ...files },
    duplicates: { ...files },
    unmatched: { drafts: 0, critiques: 0 },
    verdicts: { pass: 0, revise: 0, reject: 0, none: 0 },
    skipped: { critique_reject: 0, missing_inputs: 0, resume: 0 },
    missing_critique: 0,
    left: 0,
    to_refine: 0,
  };
}

export type Told = (message: string) => void;

export async function indexDrafts(file: LineFile, onUnreadable: Told): Promise<DraftIndex> {
  const index: DraftIndex = { file, entries: new Map(), duplicates: 0, unreadable: 0 };
  const found = records(file, draftRecordSchema, counted(index, onUnreadable));
  for await (const { record, line } of found) add(index, record.id, placeOf(line));
  return index;
}

export async function indexCritiques(file: LineFile, onUnreadable: Told): Promise<CritiqueIndex> {
  const index: CritiqueIndex = { file, entries: new Map(), duplicates: 0, unreadable: 0 };
  const found = records(file, critiqueRecordSchema, counted(index, onUnreadable));
  for await (const { record, line } of found) {
    add(index, record.id, { ...placeOf(line), verdict: record.verdict });
  }
  return index;
}

function counted(index: { unreadable: number }, onUnreadable: Told): Told {
  return (message) => {
    index.unreadable++;
    onUnreadable(message);
  };
}

function add<Entry extends Place>(index: RecordIndex<Entry>, id: string, entry: Entry): void {
  if (index.entries.has(id)) index.duplicates++;
  else index.entries.set(id, entry);
}

/** Every plan record of an id of its own, streamed. */
export async function* planRecords(
  plan: LineFile,
  counts: JoinCounts,
  onUnreadable: Told = () => {},
): AsyncIterable<PlanRecord> {
  const seen = new Set<string>();
  const unreadable = (message: string) => {
    counts.unreadable.plan++;
    onUnreadable(message);
  };
  for await (const { record } of records(plan, planRecordSchema, unreadable)) {
    if (seen.has(record.id)) {
      counts.duplicates.plan++;
      continue;
    }
    seen.add(record.id);
    counts.planned++;
    yield record;
  }
}

export interface Joined {
  plan: PlanRecord;
  draft: Place;
  /** Null where there is none. */
  critique: CritiquePlace | null;
}

export interface JoinInputs {
  plan: LineFile;
  drafts: DraftIndex;
  critiques: CritiqueIndex | null;
  /** Ids with an outcome already. */
  done: ReadonlySet<string>;
  /** Null: every record. */
  wanted: ReadonlySet<string> | null;
}

/**
 * What is to be refined, in the plan's order; only the plan record at hand is held. `counts` is whole once all has been
 * read.
 */
export async function* join(
  { plan, drafts, critiques, done, wanted }: JoinInputs,
  counts: JoinCounts,
  onUnreadable?: Told,
): AsyncIterable<Joined> {
  let [drafted, criticised] = [0, 0];
  for (const [name, index] of Object.entries({ drafts, critiques })) {
    if (!index) continue;
    counts.duplicates[name as "drafts"] = index.duplicates;
    counts.unreadable[name as "drafts"] = index.unreadable;
  }
  for await (const record of planRecords(plan, counts, onUnreadable)) {
    const draft = drafts.entries.get(record.id);
    const critique = critiques?.entries.get(record.id) ?? null;
    if (draft) drafted++;
    if (critique) criticised++;
    counts.verdicts[critique?.verdict ?? "none"]++;
    if (done.has(record.id)) counts.skipped.resume++;
    else if (wanted && !wanted.has(record.id)) counts.left++;
    else if (critique?.verdict === "reject") counts.skipped.critique_reject++;
    else if (!draft) counts.skipped.missing_inputs++;
    else {
      if (!critique) counts.missing_critique++;
      counts.to_refine++;
      yield { plan: record, draft, critique };
    }
  }
  counts.unmatched.drafts = drafts.entries.size - drafted;
  counts.unmatched.critiques = critiques ? critiques.entries.size - criticised : 0;
}

/** The counts alone. */
export async function countJoin(inputs: JoinInputs, onUnreadable?: Told): Promise<JoinCounts> {
  const counts = emptyJoinCounts();
  for await (const _ of join(inputs, counts, onUnreadable));
  return counts;
}
