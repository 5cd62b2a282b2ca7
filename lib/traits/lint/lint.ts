import { polarities } from "#lib/core/names.ts";
import type { Finding, Found, Lint } from "./finding.ts";
import { readLine, type ScenarioText } from "./line.ts";
import { contamination } from "./lints/contamination.ts";
import { duplicate } from "./lints/duplicate.ts";
import { instructionLeakage } from "./lints/instruction-leakage.ts";
import { lexicalShortcut } from "./lints/lexical-shortcut.ts";
import { midBehaviour } from "./lints/mid-behaviour.ts";
import { nearDuplicate } from "./lints/near-duplicate.ts";
import { pairLength } from "./lints/pair-length.ts";
import { pairStructure } from "./lints/pair-structure.ts";
import { tooFewLines } from "./lints/too-few-lines.ts";
import { topicImbalance } from "./lints/topic-imbalance.ts";
import { unequalCounts } from "./lints/unequal-counts.ts";
import { weakLockIn } from "./lints/weak-lock-in.ts";

import { type LintFacts, type LintInput, readTrait } from "./trait.ts";

export type { Finding } from "./finding.ts";
export type { ScenarioText } from "./line.ts";
export type { LintFacts, LintInput } from "./trait.ts";

/** Every lint there is; a new one is a file in `lints/` and a line here. */
export const lints: readonly Lint[] = [
  tooFewLines,
  unequalCounts,
  topicImbalance,
  lexicalShortcut,
  duplicate,
  nearDuplicate,
  weakLockIn,
  midBehaviour,
  instructionLeakage,
  contamination,
  pairLength,
  pairStructure,
];

/**
 * Everything that looks weak in a trait: first what concerns the whole or a side, then by scenario, the positive before
 * its negative. The same trait gives the same findings in the same order. Nothing is said of a trait whose lines all carry
 * their answers: what the lints know is what makes a model answer one way.
 */
export function lintTrait(input: LintInput): Finding[] {
  if (polarities.every((polarity) => input[polarity].every(isAnswered))) return [];
  const trait = readTrait(input);
  const { facts } = trait;
  const lines = [...trait.positive, ...trait.negative];
  const found = lints.flatMap((lint) =>
    named(lint, [
      ...(lint.trait?.(trait) ?? []),
      ...lines.flatMap((line) => lint.line?.(line, facts) ?? []),
      ...trait.pairs.flatMap((pair) => lint.pair?.(pair, facts) ?? []),
    ]),
  );
  return found.sort((a, b) => (a.index ?? -1) - (b.index ?? -1) || polarityOrder(a) - polarityOrder(b));
}

/** What the checks of single lines need to know of the trait around them: read now and then, not at every keystroke. */
export function lintFacts(input: LintInput): LintFacts {
  return readTrait(input).facts;
}

/** The findings on one pair, or on one line whose pair is missing; quick enough for every keystroke. */
export function lintPair(
  sides: { index: number; positive?: ScenarioText; negative?: ScenarioText },
  facts: LintFacts,
): Finding[] {
  const { index } = sides;
  if (polarities.some((polarity) => sides[polarity] && isAnswered(sides[polarity]))) return [];
  const vocabulary = new Map<string, number>();
  const [positive, negative] = polarities.map((polarity) => {
    const scenario = sides[polarity];
    return scenario && readLine(scenario, polarity, index, vocabulary);
  });
  return lints.flatMap((lint) =>
    named(lint, [
      ...[positive, negative].flatMap((line) => (line && lint.line?.(line, facts)) ?? []),
      ...((positive && negative && lint.pair?.({ index, positive, negative }, facts)) ?? []),
    ]),
  );
}

function isAnswered({ answer }: ScenarioText): boolean {
  return answer !== undefined;
}

function named({ id }: Lint, found: readonly Found[]): Finding[] {
  return found.map((finding) => ({ lint: id, ...finding }));
}

function polarityOrder({ polarity }: Finding): number {
  return polarity === null ? -1 : polarities.indexOf(polarity);
}
