import type { Polarity } from "#lib/core/names.ts";
import type { LintTrait } from "./trait.ts";
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

type Lines = Pick<LintTrait, "vocabulary" | "positive" | "negative">;

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
  const used = plain.filter((word) => {
    const { positive, negative } = familyShares(word, lines);
    return positive >= RUBRIC_WORD_SHARE && positive >= RUBRIC_WORD_RATIO * negative;
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

/** The share of lines, on each side, that have a word of the term's family. */
function familyShares(term: string, { vocabulary, ...sides }: Lines): Record<Polarity, number> {
  const stems = stemsOf(term);
  const family = vocabulary.map((word) => sameFamily(stems, stemsOf(word)));
  const share = (polarity: Polarity) => {
    const having = sides[polarity].filter(({ ids }) => ids.some((id) => family[id]));
    return having.length / Math.max(1, sides[polarity].length);
  };
  return { positive: share("positive"), negative: share("negative") };
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
