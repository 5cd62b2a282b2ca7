import { AppError } from "#lib/core/errors.ts";
import { type CaaItem, formatAsk, type PairLayout, parseAsk, withRaw } from "./item.ts";

const NUMBER = /^\(?([12])\)?$/;

/** psyctl's layout with two numbered options, the one a build writes by default. */
export const psyctl: PairLayout = {
  members: ["question", "positive", "neutral"],
  holds: { order: true },
  read(record, name) {
    const text = textOf(record, "question", name);
    const [situation, ask, one, two] = partsOf(text);
    if (situation === undefined || ask === undefined || one === undefined || two === undefined) {
      throw bad(name, "question: no [Situation], [Question], 1., 2. and [Answer] in it, in this order");
    }
    const positive = NUMBER.exec(textOf(record, "positive", name).trim())?.[1];
    const neutral = NUMBER.exec(textOf(record, "neutral", name).trim())?.[1];
    if (positive === undefined || neutral === undefined || positive === neutral) {
      throw bad(name, 'positive and neutral: one must be "(1" and the other "(2"');
    }
    const first = positive === "1" ? "positive" : "neutral";
    const item: CaaItem = {
      situation,
      ...parseAsk(ask),
      positive: first === "positive" ? one : two,
      neutral: first === "positive" ? two : one,
      first,
    };
    return withRaw(item, record, psyctl);
  },
  write(item) {
    const [one, two] =
      item.first === "neutral" ? [item.neutral, item.positive] : [item.positive, item.neutral];
    const [positive, neutral] = item.first === "neutral" ? ["(2", "(1"] : ["(1", "(2"];
    const question = `[Situation]\n${item.situation}\n[Question]\n${formatAsk(item)}\n1. ${one}\n2. ${two}\n[Answer]`;
    return { question, positive, neutral };
  },
};

const MARKS = ["[Situation]", "\n[Question]", "\n1. ", "\n2. ", "\n[Answer]"];

/** What stands after each mark but the last; fewer where one is missing. */
function partsOf(text: string): string[] {
  const end = text.trimEnd();
  const parts: string[] = [];
  let rest = end.endsWith("\n[Answer]") ? text.trimStart() : "";
  for (const [at, mark] of MARKS.entries()) {
    const found = at === MARKS.length - 1 ? rest.lastIndexOf(mark) : rest.indexOf(mark);
    if (found < 0 || (at === 0 && found > 0)) return [];
    if (at > 0) parts.push(rest.slice(0, found));
    rest = rest.slice(found + mark.length);
  }
  const [situation = "", ask = "", ...options] = parts;
  if (![situation, ask].every((part) => /^[^\S\n]*\n/.test(part))) return [];
  const below = (part: string) => part.slice(part.indexOf("\n") + 1);
  return [below(situation), below(ask), ...options];
}

/** psyctl's later layout: whole answers, without an order and without a question. */
export const psyctlNew: PairLayout = {
  members: ["situation", "char_name", "positive", "neutral"],
  holds: { order: false },
  read(record, name) {
    const item: CaaItem = {
      situation: textOf(record, "situation", name),
      name: textOf(record, "char_name", name),
      question: null,
      positive: textOf(record, "positive", name),
      neutral: textOf(record, "neutral", name),
      first: null,
    };
    return withRaw(item, record, psyctlNew);
  },
  write({ situation, name, question, positive, neutral }) {
    if (name === null) {
      throw new AppError("invalid-input", "psyctl-new needs a character's name, and none is known");
    }
    return {
      situation: question === null ? situation : `${situation}\n${question}`,
      char_name: name,
      positive,
      neutral,
    };
  },
};

/** Throws `invalid-file`. */
export function textOf(record: Record<string, unknown>, member: string, name: string): string {
  const value = record[member];
  if (typeof value === "string") return value;
  throw bad(name, `${member}: ${value === undefined ? "is missing" : "is no text"}`);
}

export function bad(name: string, message: string): AppError {
  return new AppError("invalid-file", `${name}: ${message}`);
}
