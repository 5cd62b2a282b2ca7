import { type Polarity, parseTraitId } from "#lib/core/names.ts";
import { readTrait, type TraitReading, type TraitTexts } from "#lib/traits/document.ts";
import { lintFacts } from "#lib/traits/lint/lint.ts";
import type { ScenarioStyle } from "#lib/traits/lint/trait.ts";
import type { Scenario } from "#lib/traits/scenario.ts";

/** A trait as the writer is told of it. */
export interface Subject {
  /** Its own name, without the category. */
  name: string;
  definition: string | null;
  sides: Record<Polarity, Scenario[]>;
  pairs: TraitReading["pairs"];
  style: ScenarioStyle;
}

/** Enough to see of which style the lines are. */
const styleLines = 200;

/** @param trait `category/trait`; throws `usage` for any other name */
export function readSubject(trait: string, texts: TraitTexts): Subject {
  const { trait: name } = parseTraitId(trait);
  const { definition, pairs } = readTrait(texts);
  const sides = {
    positive: pairs.flatMap(({ positive }) => positive ?? []),
    negative: pairs.flatMap(({ negative }) => negative ?? []),
  };
  const { style } = lintFacts({
    name,
    definition,
    positive: sides.positive.slice(0, styleLines),
    negative: sides.negative.slice(0, styleLines),
  });
  return { name, definition, sides, pairs, style };
}
