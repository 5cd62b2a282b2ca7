import { type Found, type Lint, onLine } from "../finding.ts";
import type { LintLine } from "../line.ts";

/** From the second finished sentence of an open quotation on, the behaviour is written, not decided. */
const FINISHED_IN_QUOTE = 2;

/** Characters at the end that tell how a line ends. */
const WINDOW = 80;

const FINISHED = /[.!?]["”’)\]]*$/;
const TRAILING_OFF = /(?:\.\.\.|…)["”’)\]]*$/;
const REASON =
  /\b(?:because(?: of)?|given that|since|due to|which (?:is|was|would be)|that would be|(?:because|since) (?:it|this|that|he|she|they|i|we)(?:['’](?:s|m|re|d|ll))?(?: (?:is|was|are|were|am|would be))?)$/i;
const LIST = /(?:^|[\s,])[^\s,]+(?:\s[^\s,]+)?,\s[^\s,]+(?:\s[^\s,]+)?(?:,|,?\s(?:and|or))$/;

/** The line ends after the decision point: the model would only go on with a behaviour the line has shown already. */
export const midBehaviour: Lint = {
  id: "mid-behaviour",
  line(line, { style }) {
    if (style === "chat") return [];
    const { text, ending } = line;
    const end = text.slice(0, ending.end);
    const from = Math.max(0, end.length - WINDOW);
    const tail = end.slice(from);
    if (FINISHED.test(tail) && !TRAILING_OFF.test(tail)) {
      return [
        found(line, "warning", sentenceStart(end), {
          message:
            "ends in a finished sentence: what comes next is a new thought, not the speaker's decision",
          remedy: "end right before the act: cut the end, or go on to where the speaker is about to act",
        }),
      ];
    }
    const reason = REASON.exec(tail);
    if (reason && line.words.length > 3) {
      return [
        found(line, "note", from + reason.index, {
          message: `ends in "${reason[0]}": the behaviour is already there, the model only gives reasons`,
          remedy: "cut the line before the act that is being explained",
        }),
      ];
    }
    const list = LIST.exec(tail);
    if (list) {
      return [
        found(line, "note", from + list.index + list[0].search(/[^\s,]/), {
          message: "ends inside a list: the model only adds items",
          remedy: "end before the first item",
        }),
      ];
    }
    return inQuote(line);
  },
};

function inQuote(line: LintLine): Found[] {
  const { text, ending } = line;
  if (ending.quoteAt === null) return [];
  const sentences =
    text.slice(ending.quoteAt, ending.end).match(/[\p{L}\p{N}][.!?]+\s+(?=["“(]?\p{Lu})/gu) ?? [];
  if (sentences.length < FINISHED_IN_QUOTE) return [];
  return [
    found(line, "note", ending.quoteAt, {
      message: `the quotation runs for ${sentences.length} sentences already: the behaviour is in the line, not in what the model writes`,
      remedy: "cut the quotation to its first words",
    }),
  ];
}

function sentenceStart(text: string): number {
  const ends = [...text.slice(0, -1).matchAll(/[.!?…]["”’)\]]*\s+/g)];
  const last = ends.at(-1);
  return last ? last.index + last[0].length : 0;
}

function found(
  line: LintLine,
  severity: Found["severity"],
  start: number,
  words: Pick<Found, "message" | "remedy">,
): Found {
  return onLine(line, { severity, ...words, range: { start, end: line.ending.end } });
}
