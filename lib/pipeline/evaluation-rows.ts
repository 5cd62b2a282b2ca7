import { formatJson, parseJson } from "#lib/formats/json.ts";
import { type EvaluationFile, type EvaluationRow, evaluationFileSchema } from "./results.ts";

export function parseEvaluationFile(text: string, path: string): EvaluationFile {
  return parseJson(text, path, evaluationFileSchema);
}

export function formatEvaluationFile(file: EvaluationFile): string {
  return formatJson(file);
}

/** Where a row belongs: results of one trait, position and component are replaced together. */
export type EvaluationPlace = Pick<EvaluationRow, "trait" | "position" | "component">;

/** `older` with the rows of one place replaced, ordered by trait, position, component, layer, method. */
export function mergeRows(
  older: readonly EvaluationRow[],
  place: EvaluationPlace,
  fresh: readonly EvaluationRow[],
): EvaluationRow[] {
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const placeOf = (row: EvaluationPlace) => `${row.trait} ${row.position} ${row.component}`;
  return [...older.filter((row) => placeOf(row) !== placeOf(place)), ...fresh].sort(
    (a, b) => order(placeOf(a), placeOf(b)) || a.layer - b.layer || order(a.method, b.method),
  );
}

/** The vector to use: the highest combined score of a trait, random vectors aside; the lower layer of equals. */
export function bestVector(
  rows: readonly EvaluationRow[],
  { trait, position, component }: EvaluationPlace,
): EvaluationRow | null {
  return rows
    .filter((row) => row.trait === trait && row.position === position && row.component === component)
    .filter((row) => row.method !== "random" && row.combined_score !== null)
    .reduce<EvaluationRow | null>(
      (best, row) => (best && (best.combined_score ?? 0) >= (row.combined_score ?? 0) ? best : row),
      null,
    );
}
