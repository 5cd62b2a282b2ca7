import { AppError } from "#lib/core/errors.ts";
import { type CaaItem, formatAsk, type PairLayout, parseAsk, withRaw } from "./item.ts";

const WHOLE =
  /^\s*\[Situation\][^\S\n]*\n([\s\S]*?)\n\[Question\][^\S\n]*\n([\s\S]*?)\n1\. ([\s\S]*?)\n2\. ([\s\S]*?)\n\[Answer\]\s*$/;
const NUMBER = /^\(?([12])\)?$/;

/** psyctl's layout with two numbered options, the one a build writes by default. */
export const psyctl: PairLayout = {
  members: ["question", "positive", "neutral"],
  holds: { order: true },
  read(record, name) {
    const text = textOf(record, "question", name);
    const [, situation, ask, one, two] = WHOLE.exec(text) ?? [];
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
