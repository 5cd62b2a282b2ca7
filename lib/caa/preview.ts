import { z } from "zod";
import { rejectionReasons, scenarioSchema } from "./records.ts";
import { type Columns, columnsSchema } from "./scenarios/columns.ts";
import { resolveColumns } from "./scenarios/mapping.ts";
import type { ScenarioSource } from "./scenarios/source.ts";
import { streamScenarios } from "./scenarios/stream.ts";

/** The first rows of a dataset, and what the columns make of them. */
export const previewSchema = z.object({
  dataset: z.string(),
  /** Null where nobody has counted. */
  rows: z.number().int().nullable(),
  columns: z.array(z.string()),
  /** Null where a person must choose; then `problem` says what. */
  mapping: columnsSchema.nullable(),
  problem: z.string().nullable(),
  examples: z.array(
    z.object({
      row: z.number().int(),
      /** By column, shortened. */
      cells: z.record(z.string(), z.string()),
      scenario: scenarioSchema.nullable(),
      rejection: z.object({ reason: z.enum(rejectionReasons), details: z.string() }).nullable(),
    }),
  ),
});
export type Preview = z.infer<typeof previewSchema>;

const LONGEST_CELL = 300;

export async function previewScenarios(source: ScenarioSource, chosen: Columns, most = 10): Promise<Preview> {
  const columns = await source.columns();
  const { mapping, problem } = tryResolve(columns, chosen, source.name);
  const cells = new Map<number, Record<string, string>>();
  let left = most;
  for await (const { row, values } of source.read(columns)) {
    cells.set(
      row,
      Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, shown(value)])),
    );
    if (--left === 0) break;
  }
  const examples: Preview["examples"] = [];
  if (mapping) {
    for await (const { row, scenario, rejection } of streamScenarios(source, mapping)) {
      examples.push({ row, cells: cells.get(row) ?? {}, scenario, rejection });
      if (examples.length === most) break;
    }
  } else for (const [row, of] of cells) examples.push({ row, cells: of, scenario: null, rejection: null });
  return { dataset: source.name, rows: source.rows, columns, mapping, problem, examples };
}

function tryResolve(columns: readonly string[], chosen: Columns, name: string) {
  try {
    return { mapping: resolveColumns(columns, chosen, name), problem: null };
  } catch (error) {
    return { mapping: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL).toWellFormed()}…` : text;
}
