import { AppError } from "#lib/core/errors.ts";
import { parseLayers } from "#lib/core/layers.ts";
import { norm } from "#lib/core/linear.ts";
import type { OwnVectorsMade } from "#lib/pipeline/vectors-api.ts";
import {
  average,
  orthogonalised,
  rawOf,
  type StoredVector,
  unitOf,
  weightedSum,
} from "#lib/vectors/arithmetic.ts";
import { formatRecipe, type Recipe } from "#lib/vectors/recipe.ts";
import type { ModelPlaces } from "../engine/model-folder.ts";
import { addOwnVectors, type OwnVectorsPorts } from "./own-vectors.ts";
import { type NamedVectors, openVectorRef, parseVectorRef } from "./refs.ts";

/** Makes vectors of others and puts them beside a trait's. Throws as `combined`, `openVectorRef` and `addOwnVectors`. */
export async function combineVectors(
  ports: OwnVectorsPorts,
  places: ModelPlaces,
  target: { experiment: string; trait: string; name: string },
  recipe: Recipe,
): Promise<OwnVectorsMade> {
  const opened = new Map<string, NamedVectors>();
  for (const name of [...recipe.terms.map((term) => term.name), ...recipe.orthogonalTo]) {
    if (opened.has(name)) continue;
    opened.set(name, await openVectorRef(ports.artifacts, places, parseVectorRef(name, target)));
  }
  // Under its whole name a vector is found again from any place.
  const whole = (name: string) => opened.get(name)?.name ?? name;
  const source = {
    kind: "combination" as const,
    recipe: formatRecipe({
      ...recipe,
      terms: recipe.terms.map((term) => ({ ...term, name: whole(term.name) })),
      orthogonalTo: recipe.orthogonalTo.map(whole),
    }),
  };
  return addOwnVectors(ports, target, combined(recipe, opened, target.name), source);
}

/**
 * The vectors of a recipe, at the layers that all of its vectors have.
 * Throws `invalid-input` (widths differ, no common layer), `usage` (layers to average).
 */
export function combined(
  { terms, orthogonalTo, averageLayers }: Recipe,
  opened: ReadonlyMap<string, NamedVectors>,
  name: string,
): Pick<NamedVectors, "name" | "hidden" | "layers"> {
  const [first, ...others] = opened.values();
  if (!first) throw new AppError("usage", "there is no vector to combine");
  const { hidden } = first;
  const odd = others.find((other) => other.hidden !== hidden);
  if (odd) {
    throw new AppError(
      "invalid-input",
      `${odd.name} has ${odd.hidden} dimensions and ${first.name} ${hidden}: vectors of one width can be combined`,
    );
  }
  const common = [...first.layers.keys()].filter((layer) => others.every(({ layers }) => layers.has(layer)));
  if (common.length === 0)
    throw new AppError("invalid-input", "the vectors have no layer in common: nothing can be combined");
  const raw = (ref: string, layer: number) =>
    rawOf(opened.get(ref)?.layers.get(layer) ?? { vector: new Float32Array(hidden), norm: 0 });
  const made = new Map(
    common.map((layer) => {
      const parts = terms.map(({ factor, name: ref }) => ({ factor, vector: raw(ref, layer) }));
      const sum = weightedSum(parts, hidden);
      const scale = parts.reduce(
        (most, { factor, vector }) => Math.max(most, Math.abs(factor) * norm(vector)),
        0,
      );
      const others = orthogonalTo.map((ref) => raw(ref, layer));
      return [layer, { vector: orthogonalised(sum, others), scale }] as const;
    }),
  );
  return { name, hidden, layers: stored(made, averageLayers) };
}

function stored(
  made: ReadonlyMap<number, { vector: Float64Array; scale: number }>,
  averageLayers: string | null,
): Map<number, StoredVector> {
  if (averageLayers === null) {
    return new Map([...made].map(([layer, { vector, scale }]) => [layer, unitOf(vector, scale)]));
  }
  const layers = parseLayers(averageLayers, Math.max(...made.keys()) + 1);
  const chosen = layers.map((layer) => {
    const one = made.get(layer);
    if (one) return one;
    throw new AppError("usage", `layer ${layer} cannot be averaged: not every vector of the sum has it`);
  });
  const mean = average(chosen.map(({ vector }) => vector));
  const vector = unitOf(mean, Math.max(...chosen.map(({ scale }) => scale)));
  return new Map(layers.map((layer) => [layer, vector]));
}
