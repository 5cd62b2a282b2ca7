const LETTER = "[\\p{L}\\p{N}]";
// "don't" is one word, not "don"; the "'s" of "the visa's" is taken off.
const BEFORE = `(?<!${LETTER})(?<!${LETTER}')`;
const AFTER = `(?!${LETTER})(?!'(?!s(?!${LETTER}))${LETTER})`;

/** The keywords and phrases of a list that a text holds. */
export interface KeywordMatcher {
  /** Each once, in lower case, in the order of their first occurrence. */
  matches(text: string): string[];
}

/**
 * Matches whole words in any case: "fee" is not in "coffee". A space in a phrase stands for any white space or a
 * hyphen; typographic apostrophes are the plain one.
 * @param unless longer phrases that take back what lies within them: "not guaranteed" is no "guaranteed"
 */
export function keywordMatcher(keywords: readonly string[], unless: readonly string[] = []): KeywordMatcher {
  const wanted = pattern(keywords);
  const excepted = unless.length > 0 ? pattern(unless) : null;
  return {
    matches(text) {
      const plain = normalise(text);
      const searched = excepted ? plain.replace(excepted, (found) => " . ".padEnd(found.length)) : plain;
      return [...new Set([...searched.matchAll(wanted)].map(([found]) => found.replace(/\s+/g, " ")))];
    },
  };
}

function normalise(text: string): string {
  return text.toLowerCase().replace(/[’‘ʼ]/g, "'");
}

/** Longer phrases first: of two that begin at one place, the longer is told. */
function pattern(keywords: readonly string[]): RegExp {
  const parts = keywords
    .map(normalise)
    .sort((a, b) => b.length - a.length)
    .map((keyword) =>
      keyword
        .split(/[\s-]+/)
        .map(escaped)
        .join("[\\s-]+"),
    );
  return new RegExp(`${BEFORE}(?:${parts.join("|")})${AFTER}`, "gu");
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
