import { type Lint, onLine } from "../finding.ts";
import { type LintLine, type LintPair, sameOpening } from "../trait.ts";

/** Where this share of the pairs begins alike on both sides, a pair that does not stands out. */
const SHARED_OPENINGS = 0.8;

/** The lines of a pair are built differently, where they should differ in the trait alone. */
export const pairStructure: Lint = {
  id: "pair-structure",
  pair(pair, { sharedOpenings }) {
    const differences = [
      one(pair, (line) => line.ending.quoteAt !== null, "ends in an open quotation"),
      one(pair, asks, "has a question"),
      person(pair),
      sharedOpenings >= SHARED_OPENINGS && !sameOpening(pair)
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

const FIRST = new Set("i i'm i've i'd i'll me my mine myself we us our".split(" "));

/** Who acts: told in the first person on one side, in the third on the other. */
function person(pair: LintPair): string | null {
  const narrates = (line: LintLine) =>
    line.ending.quoteAt === null || line.ending.open !== null
      ? line.words.some((word) => FIRST.has(word))
      : null;
  const [positive, negative] = [narrates(pair.positive), narrates(pair.negative)];
  if (positive === null || negative === null || positive === negative) return null;
  return positive
    ? "only the positive is told in the first person"
    : "only the negative is told in the first person";
}
