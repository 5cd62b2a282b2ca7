const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu;

/** Lower-case words in order; an apostrophe inside a word belongs to it and is written straight. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().replaceAll("’", "'").match(WORD) ?? [];
}

// Words that say nothing about a topic: articles, pronouns, prepositions, auxiliaries, reporting verbs.
const FUNCTION_WORDS = new Set(
  `a an the this that these those some any each every no all both either neither other another such own same
  i me my mine myself we us our ours you your yours he him his himself she her hers herself it its itself they them
  their theirs themselves who whom whose which what when where why how one ones someone something
  and or but nor so yet if then than as because since while though although whether until unless
  of in on at to for from by with about into over after before under between through during without within against
  up down out off again only just even still also too very really more most much many less few not never
  please be am is are was were been being do does did done doing have has had having will would shall should can could may
  might must ought cannot get got gets go goes went let made make makes
  look looks looked looking see sees saw seen keep keeps kept come comes came take takes took give gives gave
  well way ways thing things said say says told tell tells asked ask asks wrote write replied answered thought there here now
  i'm i've i'd i'll it's that's there's he's she's they're we're you're we've don't doesn't didn't can't won't isn't
  aren't wasn't weren't couldn't wouldn't shouldn't haven't hasn't hadn't let's`.split(/\s+/),
);

/** False for words every text has. */
export function isContentWord(word: string): boolean {
  return word.length > 2 && !FUNCTION_WORDS.has(word);
}

// Longest first within a family, so that readers can follow; every one that fits is tried. No "-less": it negates.
const SUFFIXES =
  `istically istic ism ist ization isation fulness ful ically ally ibly ably ial ical ation ition ution sion tion ion
  ity ety ty ness ship ancy ency ance ence antly ently ant ent able ible ative itive ive ingly edly ing ied ies
  ed es er est or al ic ly ous cy d e s t y`.split(/\s+/);
const MIN_STEM = 4;

/** The word and all that is left of it without one suffix. */
export function stemsOf(word: string): string[] {
  const stems = SUFFIXES.filter((suffix) => word.endsWith(suffix)).map((suffix) =>
    word.slice(0, -suffix.length),
  );
  return [word, ...stems.filter((stem) => stem.length >= MIN_STEM)];
}

/** True for words of one family: refusal and refused, optimism and optimistic, formality and formal. */
export function sameFamily(a: readonly string[], b: readonly string[]): boolean {
  return a.some((stem) => b.includes(stem));
}

/** Where each of `wordsOf(text)` stands. */
export function wordRanges(text: string): { start: number; end: number }[] {
  return [...text.matchAll(WORD)].map(({ index, 0: word }) => ({ start: index, end: index + word.length }));
}
