import { type Found, type Lint, onLine, onSide } from "../finding.ts";
import type { LintLine, LintPair } from "../trait.ts";

// Somebody wants something of the speaker: the situation, not yet what the speaker makes of it.
const REQUEST =
  /\b(?:asks?|asked|begs|begged|requests|requested|demands|demanded|orders|ordered|wants?(?= (?:me|him|her|us|them|help|an?|the)\b)|wanted(?= (?:me|him|her|us|them|help|an?|the|to know)\b))\b|\bthe (?:request|question|task|order) (?:is|was)\b|\?$/iu;

// Feeling, knowing, judging, obliging: words that turn a clause into a lock-in. Kept wide, so that the lint stays quiet in doubt.
const STANCE =
  /\b(?:felt|feels?|knew|knows?|believe[sd]?|love[sd]?|like[sd]?|hate[sd]?|hope[sd]?|fear(?:s|ed)?|trust(?:s|ed)?|refuse[sd]?|doubt(?:s|ed)?|happy|glad|eager|proud|angry|sad|sure|certain|afraid|tired|wrong|right|must|never|always|would|could|should|cannot|not|no|against|principles|values|rules)\b|n['’]t\b|\bI(?:['’]d| had| have)? (?:want|wanted|need|needed|meant)\b/iu;

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
    if (style === "chat" || !sameLastSentence(pair)) return [];
    const { polarity, index, line, ending } = pair.negative;
    return [
      {
        ...onSide(polarity, {
          severity: "note",
          message:
            "both lines of the pair end in the same sentence: nothing near the ending tells the sides apart",
          remedy: "put what turns the line towards its side into the last sentence",
          range: { start: ending.sentence.start, end: ending.end },
        }),
        index,
        line,
      },
    ];
  },
};

function found(line: LintLine, what: string): Found {
  return onLine(line, {
    severity: "warning",
    message: `weak lock-in: ${what}, so the model may go either way`,
    remedy: REMEDY,
    ...(line.ending.open ? { range: line.ending.open } : {}),
  });
}

function quoted({ text, ending }: LintLine, start: number): string {
  return `"${text.slice(start, ending.end).replace(/[\s"“]+$/, "")}"`;
}

function sameLastSentence({ positive, negative }: LintPair): boolean {
  const [first, second] = [positive, negative].map(({ text, ending }) =>
    text.slice(ending.sentence.start, ending.end).toLowerCase(),
  );
  return first === second && first !== "" && positive.text !== negative.text;
}
