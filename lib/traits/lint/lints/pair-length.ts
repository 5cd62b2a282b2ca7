import { type Lint, onLine } from "../finding.ts";

/** One line of a pair may be this many times as long (in words) as the other: a little more than casual and formal wordings of one thing differ by. */
const RATIO = 2.5;
/** … and differences of fewer words than this are left alone: short lines differ by a clause. */
const WORDS = 12;

/** The lines of a pair differ much in length: the difference of the sides is then one of length, too. */
export const pairLength: Lint = {
  id: "pair-length",
  pair({ positive, negative }) {
    const [short, long] =
      positive.words.length < negative.words.length ? [positive, negative] : [negative, positive];
    const [few, many] = [short.words.length, long.words.length];
    if (many - few < WORDS || many < RATIO * few) return [];
    return [
      onLine(long, {
        severity: "note",
        message: `${many} words against the ${few} of its ${short.polarity}: the pair differs in length as well as in the trait`,
        remedy: `shorten this line or lengthen the ${short.polarity}`,
      }),
    ];
  },
};
