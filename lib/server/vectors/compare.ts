import { cosine } from "#lib/core/linear.ts";
import { parseEvaluationFile } from "#lib/pipeline/evaluation-rows.ts";
import { evaluationPath } from "#lib/pipeline/paths.ts";
import type { ArtifactStore } from "#lib/pipeline/ports.ts";
import type { EvaluationRow } from "#lib/pipeline/results.ts";
import type { VectorComparison } from "#lib/pipeline/vectors-api.ts";
import type { NamedVectors } from "./refs.ts";
import { traitPlace } from "./sets.ts";

/** Two methods' vectors layer by layer: how each did on its held-out rows, and how alike they are. */
export async function compareVectors(
  artifacts: ArtifactStore,
  a: NamedVectors,
  b: NamedVectors,
): Promise<VectorComparison> {
  const rowsA = await evaluationOf(artifacts, a);
  const rowsB = await evaluationOf(artifacts, b);
  const layers = [...new Set([...a.layers.keys(), ...b.layers.keys()])].sort((x, y) => x - y);
  const sameWidth = a.hidden === b.hidden;
  const side = ({ name, model, hidden }: NamedVectors) => ({ name, model, hidden });
  return {
    a: side(a),
    b: side(b),
    layers: layers.map((layer) => {
      const left = a.layers.get(layer)?.vector;
      const right = b.layers.get(layer)?.vector;
      return {
        layer,
        a: rowsA.get(layer) ?? null,
        b: rowsB.get(layer) ?? null,
        cosine: sameWidth && left && right ? cosine(left, right) : null,
      };
    }),
    why_no_cosines: sameWidth
      ? null
      : `vectors of ${a.hidden} and of ${b.hidden} dimensions have no cosine: their models differ in width`,
  };
}

async function evaluationOf(
  artifacts: ArtifactStore,
  { place }: NamedVectors,
): Promise<Map<number, EvaluationRow>> {
  if (place === null) return new Map();
  const path = evaluationPath(place.experiment);
  const text = await artifacts.readText(path);
  if (text === null) return new Map();
  const { config } = await traitPlace(artifacts, place);
  const rows = parseEvaluationFile(text, path).all_results.filter(
    (row) =>
      row.trait === place.trait &&
      row.method === place.method &&
      row.position === config.position &&
      row.component === config.component,
  );
  return new Map(rows.map((row) => [row.layer, row]));
}
