/** UTF-16 offsets, end exclusive. */
export interface TextRange {
  start: number;
  end: number;
}

/** The end of a scenario, where a base model takes over. Offsets are into the scenario's text. */
export interface Ending {
  /** The quotation mark that is still open at the end; null when none is. */
  quoteAt: number | null;
  /** The words at the very end that could be followed by anything ("so I", `and said, "`); null when there are none. */
  open: TextRange | null;
  /** The clauses before `open`, as far as `WINDOW` reaches back. */
  clauses: readonly Clause[];
  /** The last sentence before `open`. */
  sentence: TextRange;
  /** Where the text's last visible character ends. */
  end: number;
}

export interface Clause extends TextRange {
  text: string;
}

/** Endings are read no further back than this many characters: a keystroke costs the same on a line of 8 kB. */
const WINDOW = 400;
/** Open words are no longer than this. */
const OPEN_WINDOW = 80;

const BOUNDARY = String.raw`(?:^|[.!?,;:—–…"“]\s*|\s(?=(?:and|so|but)\s))`;
const CONNECTIVE = String.raw`(?:(?:and so|and then|so then|so|and|but|then|in the end|after that|finally|in response|well),?\s+)?`;
const PRONOUN = "(?:i|we|he|she|they)";
const NAMED = String.raw`(?:the|my|his|her|their|our|an?)\s+\p{L}+`;
const ADVERBS = String.raw`(?:\s+(?:just|then|simply|only|finally|really|now|back|home|this|aloud|at last|\p{L}+ly)){0,2}`;
const PERSON = String.raw`(?:him|her|them|me|us|you|himself|herself|myself|everyone|everybody|(?!\p{L}+\s+(?:truth|whole|story|lie|secret)\b)${NAMED}(?:\s+\p{L}+){0,3})`;
const NAME = String.raw`(?!(?:why|what|how|where|when|if|whether|no|yes|nothing|the|an?)\b)\p{L}+`;
const REPORT = String.raw`(?:(?:told|asked|answered)\s+(?:${PERSON}|${NAME})|(?:said|told|replied|answered|wrote|thought|asked|explained|added|began|texted|whispered|shouted|responded|continued)(?:\s+to\s+${PERSON})?)`;
const SPEECH = String.raw`\s*[,:]?\s*["“]?$`;
const OPENINGS = [
  // so I · In the end she · I just · but I decided to · she felt that
  `${BOUNDARY}${CONNECTIVE}${PRONOUN}${ADVERBS}(?:\\s+(?:(?:decided|had|started|began|tried|went on|chose) to|(?:felt|knew)(?: that)?))?$`,
  // I told them · and said quietly, " · so he wrote home that
  `${BOUNDARY}${CONNECTIVE}(?:(?:${PRONOUN}|${NAMED}(?:\\s+\\p{L}+)?|\\p{L}+)\\s+)?${REPORT}${ADVERBS}(?:\\s+that)?${SPEECH}`,
  // My words were, " · I put it like this: "
  `${BOUNDARY}${CONNECTIVE}(?:${NAMED}(?:\\s+\\p{L}+)?\\s+(?:was|were)\\s*[,:]|(?:${PRONOUN}\\s+)?(?:put it like this|gave this answer|opened with the words))${SPEECH}`,
  // I think · this is really: the beginning of any sentence at all
  `${BOUNDARY}(?:well,?\\s+)?(?:i (?:just )?(?:think|thought|feel|felt|guess|mean|believe)(?: that)?(?: (?:this|it|that)(?: is|'s| was))?|(?:this|it|that|there) (?:is|was)(?: really| just| very)?|(?:it|that|there)['’]s(?: really| just)?)$`,
].map((source) => new RegExp(source, "iu"));

const SENTENCE_END = /[.!?…]["”’)]*\s+/g;
const CLAUSE_END =
  /[.!?…]["”’)]*\s+|[,;:—–]\s*|\s(?=(?:and|but|because|so)\s+(?:i|we|he|she|they|it|this|that|the|my|his|her)\s)/gi;

export function readEnding(text: string): Ending {
  const end = text.trimEnd().length;
  const from = Math.max(0, end - WINDOW);
  const open = openWords(text.slice(from, end));
  const restEnd = open === null ? end : from + open;
  const rest = text.slice(from, restEnd);
  return {
    quoteAt: openQuote(text),
    open: open === null ? null : { start: restEnd, end },
    clauses: parts(rest, CLAUSE_END).map(({ start, end: stop }) => ({
      start: from + start,
      end: from + stop,
      text: rest.slice(start, stop),
    })),
    sentence: shifted(parts(rest, SENTENCE_END).at(-1) ?? { start: 0, end: rest.length }, from),
    end,
  };
}

/** Where the open words begin, several such openings in a row counting as one; null when the end has none. */
function openWords(text: string): number | null {
  let end = text.length;
  // `so I told them, "I think` is three openings, one after another.
  for (let round = 0; round < 3; round++) {
    const from = Math.max(0, end - OPEN_WINDOW);
    const rest = text.slice(from, end);
    const at = OPENINGS.map((opening) => firstWord(opening.exec(rest))).find((start) => start !== null);
    if (at === undefined || at === null) break;
    end = from + at;
  }
  return end === text.length ? null : end;
}

function firstWord(match: RegExpExecArray | null): number | null {
  if (match === null) return null;
  const word = match[0].search(/[\p{L}"“]/u);
  return match.index + Math.max(0, word);
}

function openQuote(text: string): number | null {
  let open: number | null = null;
  for (const { index, 0: mark } of text.matchAll(/["“”]/g)) {
    open = mark === "“" || (mark === '"' && open === null) ? index : null;
  }
  return open;
}

const SEPARATORS = new Set(' \t\u00a0,;:.!?…"“”—–-');

/** The stretches between matches, without those that hold no letter. */
function parts(text: string, boundary: RegExp): TextRange[] {
  const found: TextRange[] = [];
  let start = 0;
  const add = (end: number) => {
    let stop = end;
    while (stop > start && SEPARATORS.has(text[stop - 1] ?? "")) stop--;
    const part = text.slice(start, stop);
    const first = start + part.search(/[\p{L}\p{N}]/u);
    if (first >= start && stop > first) found.push({ start: first, end: stop });
  };
  for (const match of text.matchAll(boundary)) {
    add(match.index);
    start = match.index + match[0].length;
  }
  add(text.length);
  return found;
}

function shifted({ start, end }: TextRange, by: number): TextRange {
  return { start: start + by, end: end + by };
}
