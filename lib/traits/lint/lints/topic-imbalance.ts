import { type Lint, onSide } from "../finding.ts";
import type { LintLine } from "../line.ts";
import { isContentWord, wordsOf } from "../words.ts";

/** z of the difference between the sides' shares (pooled) from which on a word is no chance: one word in 15,000 by luck. */
const Z = 4;
/** … and its odds must differ this many times: in large traits small differences are no chance either. */
const ODDS_RATIO = 3;
/** … in at least this many lines of its side: a topic is more than a word. */
const LINES = 5;
/** Added to each count of the odds, so that a word that one side lacks has odds, too (Haldane, Anscombe). */
const PRIOR = 0.5;
const SHOWN = 5;

/**
 * The sides are about different things: content words of the situations that are far more frequent on one side. What
 * stands in the last sentence is left out, as it is there that the sides are meant to differ.
 */
export const topicImbalance: Lint = {
  id: "topic-imbalance",
  trait({ positive, negative, vocabulary }) {
    if (positive.length === 0 || negative.length === 0) return [];
    const [here, there] = [lineCounts(positive, vocabulary), lineCounts(negative, vocabulary)];
    const scores = vocabulary.flatMap((word, id) => {
      const counts = { positive: here[id] ?? 0, negative: there[id] ?? 0 };
      if (Math.max(counts.positive, counts.negative) < LINES || !isContentWord(word)) return [];
      const { logOdds, z } = contrast([counts.positive, positive.length], [counts.negative, negative.length]);
      if (Math.abs(logOdds) < Math.log(ODDS_RATIO)) return [];
      return [{ word, z, text: `${word} (${counts.positive} : ${counts.negative})` }];
    });
    const top = (sign: 1 | -1) =>
      scores
        .filter(({ z }) => sign * z >= Z)
        .sort((a, b) => sign * (b.z - a.z) || (a.word < b.word ? -1 : 1))
        .slice(0, SHOWN)
        .map(({ text }) => text);
    const sides = [
      { name: "positive", words: top(1) },
      { name: "negative", words: top(-1) },
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

/** In how many lines' situations each word stands, by its number. */
function lineCounts(lines: readonly LintLine[], vocabulary: readonly string[]): Uint32Array {
  const counts = new Uint32Array(vocabulary.length);
  for (const line of lines) {
    for (const id of new Set(line.ids.subarray(0, situationLength(line)))) counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
}

/** How many words stand before the last sentence; in a line of one sentence, before its open ending. */
function situationLength({ text, words, ending }: LintLine): number {
  const before = (offset: number) => words.length - wordsOf(text.slice(offset)).length;
  const setting = before(ending.sentence.start);
  if (setting > 0) return setting;
  return ending.open ? before(ending.open.start) : words.length;
}

/** How far apart two shares are: natural logarithm of the odds ratio, and z of the difference. */
function contrast([a, ofA]: readonly [number, number], [b, ofB]: readonly [number, number]) {
  const odds = (count: number, of: number) => (count + PRIOR) / (of - count + PRIOR);
  const pooled = (a + b) / (ofA + ofB);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / ofA + 1 / ofB));
  return {
    logOdds: Math.log(odds(a, ofA) / odds(b, ofB)),
    z: deviation === 0 ? 0 : (a / ofA - b / ofB) / deviation,
  };
}
