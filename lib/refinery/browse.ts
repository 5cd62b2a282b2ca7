import type { LineFile, OutputFolder, Place } from "#lib/builds/ports.ts";
import { placeOf, readRecord, records } from "#lib/builds/read-records.ts";
import type { RefineryFilter, RefineryOverview, RefineryRow } from "./api.ts";
import { gates } from "./gates/registry.ts";
import { type CritiqueIndex, type DraftIndex, indexCritiques, indexDrafts } from "./join.ts";
import { outputFiles, wholeLines } from "./output-files.ts";
import { acceptedRecordSchema, type GateResults, planRecordSchema, rejectedRecordSchema } from "./records.ts";

export interface BrowsedFiles {
  plan: LineFile | null;
  drafts: LineFile | null;
  critiques: LineFile | null;
  output: OutputFolder;
}

interface Row extends RefineryRow {
  /** In the accepted or the rejected. */
  place: Place;
  plan: Place | null;
}

/** A build's records, to be looked through: where each lies and what became of it, never the texts. */
export interface BrowseIndex {
  /** In the plan's order, those without a plan record last. */
  rows: Row[];
  byId: Map<string, Row>;
  drafts: DraftIndex | null;
  critiques: CritiqueIndex | null;
  overview: RefineryOverview;
}

type Planned = Pick<RefineryRow, "category" | "payload_type" | "difficulty"> & { place: Place };

export async function browse({ plan, drafts, critiques, output }: BrowsedFiles): Promise<BrowseIndex> {
  const quiet = () => {};
  const planned = new Map<string, Planned>();
  if (plan) {
    for await (const { record, line } of records(plan, planRecordSchema, quiet)) {
      const { id, category, payload_type, difficulty } = record;
      if (!planned.has(id)) planned.set(id, { category, payload_type, difficulty, place: placeOf(line) });
    }
  }
  const drafted = drafts && (await indexDrafts(drafts, quiet));
  const criticised = critiques && (await indexCritiques(critiques, quiet));
  const found = new Map<string, Row>();
  const steps = new Map<string, number>();
  let hasPairs = false;
  const add = (
    id: string,
    outcome: RefineryRow["outcome"],
    reasons: RefineryRow["reasons"],
    place: Place,
    passed: number,
  ) => {
    const record = planned.get(id);
    found.set(id, {
      id,
      outcome,
      category: record?.category ?? "",
      payload_type: record?.payload_type ?? "",
      difficulty: record?.difficulty ?? "",
      verdict: criticised?.entries.get(id)?.verdict ?? "none",
      reasons,
      place,
      plan: record?.place ?? null,
    });
    steps.set(id, passed);
  };
  for await (const line of wholeLines(output, outputFiles.rejected)) {
    const record = readRecord(line, outputFiles.rejected, rejectedRecordSchema);
    const parsed = record.contract.parse_mode !== "failed";
    add(
      record.id,
      "rejected",
      record.reason_codes,
      placeOf(line),
      parsed ? 1 + gatesPassed(record.gates) : 0,
    );
  }
  // Read last: while a second try is under way, an id may be in both.
  for await (const line of wholeLines(output, outputFiles.accepted)) {
    const record = readRecord(line, outputFiles.accepted, acceptedRecordSchema);
    hasPairs ||= record.payload_type === "contrast_pairs";
    add(record.id, "accepted", [], placeOf(line), 1 + gatesPassed(record.quality.gates));
  }
  const inPlan = [...planned.keys()].flatMap((id) => found.get(id) ?? []);
  const rows = [...inPlan, ...[...found.values()].filter(({ id }) => !planned.has(id))];
  const waiting = [...planned.keys()].filter((id) => !found.has(id));
  const rejectedByCritique = waiting.filter((id) => criticised?.entries.get(id)?.verdict === "reject");
  const undrafted = waiting.filter((id) => drafted && !drafted.entries.has(id));
  const inFile = (index: { entries: ReadonlyMap<string, unknown> } | null) =>
    [...planned.keys()].filter((id) => index?.entries.has(id)).length;
  return {
    rows,
    byId: found,
    drafts: drafted,
    critiques: criticised,
    overview: {
      funnel: [
        { name: "planned", n: planned.size },
        { name: "drafted", n: inFile(drafted) },
        { name: "critiqued", n: inFile(criticised) },
        ...funnelOf(rows, steps),
      ],
      reasons: tally(rows.flatMap(({ reasons }) => reasons)),
      categories: distinct(rows.map(({ category }) => category)),
      payload_types: distinct(rows.map(({ payload_type }) => payload_type)),
      left: waiting.length - rejectedByCritique.length - undrafted.length,
      critique_reject: rejectedByCritique.length,
      missing_draft: undrafted.length,
      has_pairs: hasPairs,
    },
  };
}

const afterContract = gates.map(({ name }) => name);
const gateOrder = ["contract_ok", ...afterContract];

/** How many gates in a row an answer passed; one that does not apply counts as passed. */
function gatesPassed(results: GateResults): number {
  const failed = gateOrder.findIndex((name) => results[name]?.passed === false);
  return failed < 0 ? gateOrder.length : failed;
}

function funnelOf(rows: readonly Row[], steps: ReadonlyMap<string, number>): RefineryOverview["funnel"] {
  const from = (least: number) => rows.filter(({ id }) => (steps.get(id) ?? 0) >= least).length;
  const answered = rows.filter(({ reasons }) => !reasons.includes("teacher_error"));
  return [
    { name: "refined", n: answered.length },
    { name: "parsed", n: from(1) },
    ...gateOrder.flatMap((gate, at) => {
      const only = gates.find(({ name }) => name === gate)?.only;
      const applies = only === undefined || rows.some(({ payload_type }) => payload_type === only);
      return applies ? [{ name: gate, n: from(at + 2) }] : [];
    }),
    { name: "accepted", n: rows.filter(({ outcome }) => outcome === "accepted").length },
  ];
}

function tally(names: readonly string[]): RefineryOverview["reasons"] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, n]) => ({ name, n })).sort((a, b) => b.n - a.n);
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => name !== "").sort();
}

export function matching(rows: readonly Row[], filter: RefineryFilter): Row[] {
  const { outcome, reason, category, type, verdict, search } = filter;
  return rows.filter(
    (row) =>
      (!outcome || row.outcome === outcome) &&
      (!reason || row.reasons.includes(reason)) &&
      (!category || row.category === category) &&
      (!type || row.payload_type === type) &&
      (!verdict || row.verdict === verdict) &&
      (!search || row.id.includes(search)),
  );
}
