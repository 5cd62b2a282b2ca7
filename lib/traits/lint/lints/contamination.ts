import { type Found, type Lint, onLine } from "../finding.ts";
import { wordRanges } from "../words.ts";

/** A negation this many words before a trigger turns it round ("did not want a single formal word"). */
const NEGATION_REACH = 5;
const NEGATION = /^(?:not|no|never|nothing|nobody|none|without|hardly|cannot|lost|.*n't)$/;

/** A negative has a word that gives the trait away: the model reads the trait on both sides. */
export const contamination: Lint = {
  id: "contamination",
  line(line, { triggers }) {
    if (line.polarity !== "negative") return [];
    const { words } = line;
    const hits = words.flatMap((word, at) => {
      const term = triggers.termOf(word);
      return term === null ? [] : [{ at, length: 1, term }];
    });
    for (const phrase of triggers.phrases) {
      const at = words.findIndex((_, start) =>
        phrase.every((word, offset) => words[start + offset] === word),
      );
      if (at >= 0) hits.push({ at, length: phrase.length, term: phrase.join(" ") });
    }
    const plain = hits.filter(({ at }) => !negated(words, at));
    const hit = plain[0] ?? hits[0];
    if (!hit) return [];
    const ranges = wordRanges(line.text);
    const [first, last] = [ranges[hit.at], ranges[hit.at + hit.length - 1]];
    if (!first || !last) return [];
    const range = { start: first.start, end: last.end };
    const written = line.text.slice(range.start, range.end);
    return [onLine(line, { ...wording(written, hit.term, plain.length > 0), range })];
  },
};

function wording(
  written: string,
  term: string,
  plain: boolean,
): Pick<Found, "severity" | "message" | "remedy"> {
  const what = written.toLowerCase() === term ? `"${written}"` : `"${written}" ("${term}")`;
  return plain
    ? {
        severity: "warning",
        message: `${what} gives the trait away in a negative: the two sides come closer`,
        remedy: "say it without this word, or move the line to the positives",
      }
    : {
        severity: "note",
        message: `${what} is negated, but still in what the model reads`,
        remedy: "say what the negative is, not what it is not",
      };
}

function negated(words: readonly string[], at: number): boolean {
  return words.slice(Math.max(0, at - NEGATION_REACH), at).some((word) => NEGATION.test(word));
}
