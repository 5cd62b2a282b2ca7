import { type Lint, onLine } from "../finding.ts";
import type { LintLine, LintPair } from "../line.ts";
import { isFirstPerson, sameOpening } from "../pair-features.ts";

/** Where this share of a trait's pairs agrees in a feature, a pair that does not stands out; elsewhere it is the style. */
const CONVENTION = 0.8;

/** The lines of a pair are built differently, where they should differ in the trait alone. */
export const pairStructure: Lint = {
  id: "pair-structure",
  pair(pair, { agreement }) {
    const differences = [
      one(pair, (line) => line.ending.quoteAt !== null, "ends in an open quotation"),
      one(pair, asks, "has a question"),
      agreement.person >= CONVENTION ? one(pair, isFirstPerson, "is told in the first person") : null,
      agreement.opening >= CONVENTION && !sameOpening(pair)
        ? "they begin differently, other pairs begin alike"
        : null,
    ].filter((difference) => difference !== null);
    if (differences.length === 0) return [];
    return [
      onLine(pair.negative, {
        severity: "note",
        message: `the pair is built differently: ${differences.join("; ")}`,
        remedy: "give both lines the same build, so that they differ in the trait alone",
      }),
    ];
  },
};

/** What only one line of the pair has. */
function one(
  { positive, negative }: LintPair,
  has: (line: LintLine) => boolean,
  what: string,
): string | null {
  if (has(positive) === has(negative)) return null;
  return has(positive) ? `only the positive ${what}` : `only the negative ${what}`;
}

/** A question of the situation; one inside the speech that is still open belongs to the behaviour. */
function asks({ text, ending }: LintLine): boolean {
  return text.slice(0, ending.quoteAt ?? ending.end).includes("?");
}
