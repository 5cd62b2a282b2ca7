import { sha256 } from "#lib/core/hash.ts";
import type { RejectionReason, Scenario } from "../records.ts";
import type { Columns } from "./columns.ts";
import { columnNames, scenarioOf } from "./mapping.ts";
import type { ScenarioSource } from "./source.ts";

/** A row with what it gives. */
export interface StreamedScenario {
  row: number;
  /** What the dataset calls it, else `row 7`. */
  id: string;
  scenario: Scenario | null;
  /** Of the scenario's text: the seed of all that is drawn for it. "" where there is none. */
  key: string;
  rejection: { reason: RejectionReason; details: string } | null;
}

const KEY_DIGITS = 20;

/** The scenarios of a dataset, in its order; of equal ones the first counts. */
export async function* streamScenarios(
  source: ScenarioSource,
  columns: Columns,
  signal?: AbortSignal,
): AsyncGenerator<StreamedScenario> {
  /** Keys with the rows they came from. */
  const seen = new Map<string, number>();
  const idColumn = (await source.columns()).find((column) => /^(id|original_index)$/i.test(column));
  const names = [...new Set([...columnNames(columns), ...(idColumn === undefined ? [] : [idColumn])])];
  for await (const given of source.read(names, signal)) {
    const { row, values } = given;
    const own = idColumn === undefined ? undefined : values?.[idColumn];
    const id = typeof own === "string" && own.trim() !== "" ? own.trim().slice(0, 200) : `row ${row}`;
    const found = scenarioOf(given, columns);
    if ("reason" in found) {
      yield { row, id, scenario: null, key: "", rejection: found };
      continue;
    }
    const key = await keyOf(found);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, row);
    const rejection =
      first === undefined ? null : ({ reason: "duplicate scenario", details: `as row ${first}` } as const);
    yield { row, id, scenario: found, key, rejection };
  }
}

/** Equal for scenarios that differ in capitals and spaces only. */
async function keyOf({ situation, name, question }: Scenario): Promise<string> {
  const text = JSON.stringify([situation, name, question])
    .toLowerCase()
    .replace(/(\\n|\s)+/g, " ");
  return (await sha256(text)).slice(0, KEY_DIGITS);
}
