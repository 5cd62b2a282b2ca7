import { decimal } from "#components/format.ts";
import type { Steerables, SteerableTrait } from "#lib/chat/api.ts";
import type { VectorName } from "#lib/chat/steering-choice.ts";
import type { ChosenVector } from "./use-settings.ts";

export function traitOf(
  all: Steerables,
  { experiment, trait }: Pick<VectorName, "experiment" | "trait">,
): SteerableTrait | undefined {
  return all.experiments
    .find((known) => known.experiment === experiment)
    ?.traits.find((known) => known.trait === trait);
}

export function layersOf(trait: SteerableTrait | undefined, method: string): number[] {
  return trait?.methods.find((known) => known.method === method)?.layers ?? [];
}

/** The vector to begin with: where steering worked best, else the first there is, unmoved. */
export function firstVector(all: Steerables): ChosenVector | null {
  const options = all.experiments.flatMap(({ experiment, traits }) =>
    traits.map((trait) => ({ experiment, trait })),
  );
  const chosen = options.find(({ trait }) => trait.best) ?? options[0];
  if (!chosen) return null;
  const { experiment, trait } = chosen;
  const method = trait.best?.method ?? trait.methods[0]?.method ?? "";
  const layer = trait.best?.layer ?? layersOf(trait, method)[0] ?? 0;
  return { experiment, trait: trait.trait, method, layer, operator: "add", coef: trait.best?.coef ?? 0 };
}

/** The model that the first vector's experiment steers; else the first that is installed. */
export function modelOf(all: Steerables, wanted: string | null, vectors: readonly VectorName[]): string {
  if (wanted !== null) return wanted;
  const experiment = all.experiments.find((known) => known.experiment === vectors[0]?.experiment);
  return experiment?.model ?? all.models[0]?.id ?? "";
}

export interface Strength {
  coef: number;
  /** mean‖h‖ of the layer; null where it was not measured. */
  norm: number | null;
  /** coef / norm, or null. */
  ratio: number | null;
  /** Ratios at which the text of a sweep stayed coherent. */
  suggested: [number, number] | null;
  /** Why this is too strong, or null. */
  warning: string | null;
}

/** Where published sweeps see coherence fall off. */
const CLIFF = 1.15;

export function strengthOf(trait: SteerableTrait | undefined, vector: ChosenVector): Strength {
  const norm = trait?.norms[vector.layer] ?? null;
  const ratio = norm ? vector.coef / norm : null;
  const suggested = trait?.suggested ?? null;
  const most = suggested?.[1] ?? CLIFF;
  const over = ratio !== null && vector.operator === "add" && Math.abs(ratio) > most + 1e-9;
  const why = suggested
    ? `above ${decimal(most)} the text of the sweep was no longer coherent`
    : `above about ${decimal(most)} the text of most models falls apart`;
  return {
    coef: vector.coef,
    norm,
    ratio,
    suggested,
    warning: over ? `Past the suggested range: ${why}.` : null,
  };
}
