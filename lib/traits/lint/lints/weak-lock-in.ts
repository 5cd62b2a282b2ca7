import { type Found, type Lint, onLine } from "../finding.ts";
import type { LintLine } from "../line.ts";
import { wordRanges } from "../words.ts";

// Somebody wants something of the speaker: the situation, not yet what the speaker makes of it.
const REQUEST =
  /\b(?:(?<!had )asked|begged|requested|demanded|ordered|wants?(?= (?:me|him|her|us|them|help|an?|the)\b)|wanted(?= (?:me|him|her|us|them|help|an?|the|to know)\b))\b|\b(?:the (?:request|question|task|order) (?:is|was)|heard (?:the|a|this|that) (?:request|question|wish))\b|\?$/iu;

// Feeling, knowing, judging, obliging: words that turn a clause into a lock-in. Kept wide, so that the lint stays quiet in doubt.
const STANCE =
  /\b(?:felt|feels?|knew|knows?|believe[sd]?|love[sd]?|like[sd]?|hate[sd]?|hope[sd]?|wish(?:es|ed)?|fear(?:s|ed)?|trust(?:s|ed)?|refuse[sd]?|doubt(?:s|ed)?|happy|glad|eager|proud|angry|sad|sure|certain|afraid|tired|wrong|right|must|never|always|would|could|should|cannot|not|no|nobody|everybody|allowed|forbidden|against|principles|values|rules)\b|n['’]t\b|\bI(?: was| am|['’]m) (?!\p{L}+ing\b|(?:in|at|on|a|an|the|to)\b)|\bI(?:['’]d| had| have)? (?:want|wanted|need|needed|meant)\b/iu;

/** Where the lines of a pair share this many words at the end, what tells them apart is out of the model's near sight. */
const SHARED_END = 12;

const REMEDY =
  'say before the ending what the speaker feels, wants or knows, so that only one direction is left ("This crossed a line, so I")';

/** The ending leaves both directions open: nothing between the situation and the open words says which way it goes. */
export const weakLockIn: Lint = {
  id: "weak-lock-in",
  line(line, { style }) {
    const { open, clauses } = line.ending;
    const last = clauses.at(-1);
    if (style === "chat" || open === null || (last && STANCE.test(last.text))) return [];
    const words = quoted(line, open.start);
    if (!last || clauses.length === 1) return [found(line, `${words} follows the bare situation`)];
    return REQUEST.test(last.text) ? [found(line, `${words} follows the request itself`)] : [];
  },
  pair(pair, { style }) {
    const { positive, negative } = pair;
    if (style === "chat" || positive.text === negative.text) return [];
    const shared = sharedEnd(positive.words, negative.words);
    if (shared < SHARED_END) return [];
    const start = wordRanges(negative.text).at(-shared)?.start ?? 0;
    return [
      onLine(negative, {
        severity: "note",
        message: `the pair's last ${shared} words are the same, nothing near the ending tells the sides apart`,
        remedy: "put what turns the line towards its side into the last sentence",
        range: { start, end: negative.ending.end },
      }),
    ];
  },
};

function found(line: LintLine, what: string): Found {
  return onLine(line, {
    severity: "warning",
    message: `${what}, so the model may go either way`,
    remedy: REMEDY,
    ...(line.ending.open ? { range: line.ending.open } : {}),
  });
}

function quoted({ text, ending }: LintLine, start: number): string {
  return `"${text.slice(start, ending.end).replace(/[\s"“]+$/, "")}"`;
}

function sharedEnd(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < Math.min(a.length, b.length) && a.at(-1 - shared) === b.at(-1 - shared)) shared++;
  return shared;
}
