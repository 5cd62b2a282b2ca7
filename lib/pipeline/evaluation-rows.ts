import { formatJson, parseJson } from "#lib/formats/json.ts";
import { combinedScores, overlapsRandom, type VectorEvaluation } from "#lib/vectors/evaluation.ts";
import { type EvaluationFile, type EvaluationRow, evaluationFileSchema } from "./results.ts";
import type { LayerInfo } from "./vectors.ts";

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

/** One vector's row; its combined score is given by `scored`. @param random of the random vector at its layer */
export function evaluationRow(
  place: EvaluationPlace,
  { layer, method, info, result }: Evaluated,
  random: Pick<VectorEvaluation, "val_auroc_ci"> | null | undefined,
): EvaluationRow {
  const { threshold: _, ...figures } = result;
  return {
    trait: place.trait,
    method,
    layer,
    component: place.component,
    position: place.position,
    ...figures,
    combined_score: null,
    overlaps_random: method === "random" || !random ? null : overlapsRandom(result, random),
    train_acc: info.train_acc,
    norm: info.norm,
  };
}

export interface Evaluated {
  layer: number;
  method: string;
  info: Pick<LayerInfo, "norm" | "train_acc">;
  result: VectorEvaluation;
}

/** The rows of one place with their combined scores, which depend on all of them. */
export function scored(rows: readonly EvaluationRow[]): EvaluationRow[] {
  const scores = combinedScores(rows.map((row) => ({ ...row, val_accuracy: row.val_accuracy ?? 0 })));
  return rows.map((row, at) => ({
    ...row,
    combined_score: row.val_accuracy === null ? row.combined_score : (scores[at] ?? 0),
  }));
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
