import { polarities } from "#lib/core/names.ts";
import { layoutOf, readTrait, type TraitTexts } from "#lib/traits/document.ts";
import { definitionFile, steeringFile } from "#lib/traits/folder.ts";
import { withPairs } from "#lib/traits/import/files.ts";
import type { DuplicateKind, PlannedPair } from "#lib/traits/import/plan.ts";
import type { ImportSource } from "#lib/traits/import/source.ts";
import { afterSave } from "../editor/trait-form.ts";

export interface ImportOptions {
  mode: "append" | "replace";
  leaveOut: Record<DuplicateKind, boolean>;
  /** To take a trait's definition and steering questions over, too. */
  definition: boolean;
  steering: boolean;
}

/** What an import makes of a trait. */
export interface ImportOutcome {
  texts: TraitTexts;
  /** Pairs there were; lines of the longer side where they are not equal. */
  before: number;
  /** What is taken: pairs, or lines of one side. */
  count: number;
  what: "pair" | "positive" | "negative";
  /** Files of the sides change their kind: undo cannot go back over that. */
  layout: "lines" | "jsonl" | null;
  /** Definition or steering questions change. */
  fields: boolean;
  /** Why it cannot be done. */
  refusal: string | null;
}

/** @param own the trait's texts; none for a new trait, which takes all that a trait brings */
export function outcomeOf(
  source: ImportSource,
  plan: readonly PlannedPair[],
  own: TraitTexts,
  options: ImportOptions,
): ImportOutcome {
  const pairs = plan.flatMap(({ pair, taken }) => (taken ? [pair] : []));
  const { counts } = readTrait(own);
  const before = Math.max(counts.positive, counts.negative);
  const sides = polarities.filter((side) => pairs.some((pair) => pair[side] !== null));
  const what = sides.length === 1 ? (sides[0] ?? "pair") : "pair";
  const brought: TraitTexts = {};
  for (const [file, taken] of [
    [definitionFile, options.definition],
    [steeringFile, options.steering],
  ] as const) {
    const text = source.kind === "trait" ? source.texts[file] : undefined;
    if (taken && text !== undefined) brought[file] = text;
  }
  const uneven =
    options.mode === "append" && what === "pair" && counts.positive !== counts.negative
      ? `The trait has ${counts.positive} positives but ${counts.negative} negatives: what is added would not stand side by side. Even them out first, or replace them.`
      : null;
  const nothing =
    pairs.length === 0 && Object.keys(brought).length === 0 ? "There is nothing to take." : null;
  const withSides = pairs.length === 0 ? own : afterSave(own, withPairs(own, pairs, options.mode));
  // A whole trait that becomes a new one keeps its files as they are written.
  const asItIs =
    source.kind === "trait" &&
    Object.keys(own).length === 0 &&
    plan.every(({ taken }) => taken) &&
    readTrait(source.texts).problems.length === 0;
  const moved = polarities.find((side) =>
    own[`${side}.txt`] !== undefined || own[`${side}.jsonl`] !== undefined
      ? layoutOf(own, side) !== layoutOf(withSides, side)
      : false,
  );
  return {
    texts: asItIs ? source.texts : { ...withSides, ...brought },
    before,
    count: pairs.length,
    what,
    layout: moved ? layoutOf(withSides, moved) : null,
    fields: (Object.keys(brought) as (keyof TraitTexts)[]).some((file) => brought[file] !== own[file]),
    refusal: nothing ?? uneven,
  };
}
