import { type Lint, onSide } from "../finding.ts";
import type { LintLine } from "../trait.ts";
import { isContentWord, wordsOf } from "../words.ts";

/** z of the log-odds from which on a word belongs to one side: about one in 30,000 words by chance. */
const Z = 4;
/** … in at least this many lines of its side: a topic is more than a word. */
const LINES = 5;
/** Prior count of each word on each side (Monroe, Colaresi & Quinn 2008): rare words need more than luck. */
const PRIOR = 0.5;
const SHOWN = 5;

/**
 * The sides are about different things: content words of the situations that are far more frequent on one side. What
 * stands in the last sentence is left out, as it is there that the sides are meant to differ.
 */
export const topicImbalance: Lint = {
  id: "topic-imbalance",
  trait({ positive, negative }) {
    const [here, there] = [lineCounts(positive), lineCounts(negative)];
    const scores = [...new Set([...here.keys(), ...there.keys()])].map((word) => ({
      word,
      z: logOddsZ([here.get(word) ?? 0, positive.length], [there.get(word) ?? 0, negative.length]),
    }));
    const top = (sign: 1 | -1, counts: ReadonlyMap<string, number>) =>
      scores
        .filter(({ word, z }) => sign * z >= Z && (counts.get(word) ?? 0) >= LINES)
        .sort((a, b) => sign * (b.z - a.z) || (a.word < b.word ? -1 : 1))
        .slice(0, SHOWN)
        .map(({ word }) => `${word} (${here.get(word) ?? 0} : ${there.get(word) ?? 0})`);
    const sides = [
      { name: "positive", words: top(1, here) },
      { name: "negative", words: top(-1, there) },
    ].filter(({ words }) => words.length > 0);
    if (sides.length === 0) return [];
    const list = sides.map(({ name, words }) => `${name} ${words.join(", ")}`).join("; ");
    return [
      onSide(null, {
        severity: "warning",
        message: `the situations differ between the sides, so the vector may learn their topic; lines that have the word, positive : negative: ${list}`,
        remedy: "give the negatives the situations of their positives, or spread these words over both sides",
      }),
    ];
  },
};

/** In how many lines' situations each content word stands. */
function lineCounts(lines: readonly LintLine[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    for (const word of new Set(situationWords(line))) {
      if (isContentWord(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

/** The words before the last sentence; of a line of one sentence, those before its open ending. */
function situationWords({ text, words, ending }: LintLine): readonly string[] {
  const before = wordsOf(text.slice(0, ending.sentence.start)).length;
  if (before > 0) return words.slice(0, before);
  return ending.open ? wordsOf(text.slice(0, ending.open.start)) : words;
}

/** Log-odds ratio of two shares over its standard error. */
function logOddsZ([a, ofA]: readonly [number, number], [b, ofB]: readonly [number, number]): number {
  const odds = (count: number, of: number) => (count + PRIOR) / (of - count + PRIOR);
  const variance = [a, b, ofA - a, ofB - b].reduce((sum, count) => sum + 1 / (count + PRIOR), 0);
  return Math.log(odds(a, ofA) / odds(b, ofB)) / Math.sqrt(variance);
}
