import { formatJson, parseJson } from "#lib/formats/json.ts";
import { type EvaluationFile, type EvaluationRow, evaluationFileSchema } from "./results.ts";

export function parseEvaluationFile(text: string, path: string): EvaluationFile {
  return parseJson(text, path, evaluationFileSchema);
}

export function formatEvaluationFile(file: EvaluationFile): string {
  return formatJson(file);
}

/** Rows with these of one trait, position and component in place of the older ones, ordered by trait, position, component, layer, method. */
export function mergeRows(older: readonly EvaluationRow[], fresh: readonly EvaluationRow[]): EvaluationRow[] {
  const place = ({ trait, position, component }: EvaluationRow) => `${trait} ${position} ${component}`;
  const replaced = new Set(fresh.map(place));
  const rows = [...older.filter((row) => !replaced.has(place(row))), ...fresh];
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return rows.sort((a, b) => order(place(a), place(b)) || a.layer - b.layer || order(a.method, b.method));
}

/** The vector to use: the highest combined score of a trait, random vectors aside; the lower layer of equals. */
export function bestVector(
  rows: readonly EvaluationRow[],
  { trait, position, component }: { trait: string; position: string; component: string },
): EvaluationRow | null {
  return rows
    .filter((row) => row.trait === trait && row.position === position && row.component === component)
    .filter((row) => row.method !== "random" && row.combined_score !== null)
    .reduce<EvaluationRow | null>(
      (best, row) => (best && (best.combined_score ?? 0) >= (row.combined_score ?? 0) ? best : row),
      null,
    );
}
