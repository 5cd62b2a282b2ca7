import type { Polarity } from "#lib/core/names.ts";
import { isContentWord, sameFamily, stemsOf, wordsOf } from "./words.ts";

/** The words and phrases that give a trait away. */
export interface Triggers {
  /** Phrases that must match word for word. */
  phrases: readonly (readonly string[])[];
  /** The term of whose family a word is ("refused" for the trait refusal); null for any other word. */
  termOf(word: string): string | null;
}

/** A plain word of the rubric must be this many times as frequent on the positive side: else it is no mark of the trait. */
const RUBRIC_WORD_RATIO = 3;
/** … and stand in this share of the positives: a word they hardly use triggers nothing. */
const RUBRIC_WORD_SHARE = 0.02;

/** Both sides' lines as numbers of words in the vocabulary. */
type Lines = { vocabulary: readonly string[] } & Record<Polarity, readonly { ids: Uint32Array }[]>;

/**
 * The trait's own name, the phrases quoted in the rubric's HIGH part, and those of its plain words that no other part
 * has and that the lines use on the positive side far more than on the negative.
 */
export function triggersOf(name: string, definition: string | null, lines: Lines): Triggers {
  const { high, other } = rubricParts(definition ?? "");
  const otherWords = wordsOf(other);
  const otherText = ` ${otherWords.join(" ")} `;
  const quoted = [...high.matchAll(QUOTED)]
    .map(([, phrase = ""]) => wordsOf(phrase))
    .filter((words) => words.length > 0 && !otherText.includes(` ${words.join(" ")} `));
  const own = [...wordsOf(name.replaceAll(/[_-]/g, " ")), ...quoted.flatMap(onlyWord)].filter(isContentWord);
  const elsewhere = otherWords.map(stemsOf);
  const plain = wordsOf(high.replaceAll(QUOTED, " ")).filter(
    (word) => isContentWord(word) && !elsewhere.some((stems) => sameFamily(stems, stemsOf(word))),
  );
  const shares = {
    positive: familyShares(plain, lines, "positive"),
    negative: familyShares(plain, lines, "negative"),
  };
  const used = plain.filter((_, at) => {
    const [above = 0, below = 0] = [shares.positive[at], shares.negative[at]];
    return above >= RUBRIC_WORD_SHARE && above >= RUBRIC_WORD_RATIO * below;
  });
  const terms = [...new Set([...own, ...used])].map((term) => ({ term, stems: stemsOf(term) }));
  const known = new Map<string, string | null>();
  return {
    phrases: quoted.filter((words) => words.length > 1),
    termOf(word) {
      let term = known.get(word);
      if (term === undefined) {
        const stems = stemsOf(word);
        term = terms.find((candidate) => sameFamily(candidate.stems, stems))?.term ?? null;
        known.set(word, term);
      }
      return term;
    },
  };
}

const QUOTED = /["“]([^"”]+)["”]/g;

function onlyWord(words: readonly string[]): readonly string[] {
  return words.length === 1 ? words : [];
}

/** For each term the share of a side's lines that have a word of its family. */
function familyShares(
  terms: readonly string[],
  { vocabulary, ...sides }: Lines,
  polarity: Polarity,
): number[] {
  const stems = terms.map(stemsOf);
  const termsOfWord = vocabulary.map((word) => {
    const own = stemsOf(word);
    return terms.flatMap((_, at) => (sameFamily(stems[at] ?? [], own) ? [at] : []));
  });
  const lines = sides[polarity];
  const counts = terms.map(() => 0);
  for (const { ids } of lines) {
    const having = new Set<number>();
    for (const id of ids) for (const term of termsOfWord[id] ?? []) having.add(term);
    for (const term of having) counts[term] = (counts[term] ?? 0) + 1;
  }
  return counts.map((count) => count / Math.max(1, lines.length));
}

// "HIGH (70-100): …", "Low:", "MID - …", "Key distinction: …" at the beginning of a line.
const LABEL = /^[\s*#-]*(high|mid(?:dle)?|medium|low|key|not)\b/i;

/** The rubric's HIGH part without its label, and what MID and LOW say. */
function rubricParts(definition: string): { high: string; other: string } {
  const parts = { high: [] as string[], other: [] as string[] };
  let part: keyof typeof parts | null = null;
  for (const line of definition.split("\n")) {
    const label = LABEL.exec(line)?.[1]?.toLowerCase();
    if (label !== undefined) part = label === "high" ? "high" : /^(mid|med|low)/.test(label) ? "other" : null;
    if (part) parts[part].push(label === undefined ? line : line.replace(/^[^:]*:/, ""));
  }
  return { high: parts.high.join("\n"), other: parts.other.join("\n") };
}
