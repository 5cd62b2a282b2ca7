import { type CaaItem, formatAsk, type PairLayout, parseAsk, withRaw } from "./item.ts";
import { bad, textOf } from "./psyctl.ts";

const LETTER = /^\(?([AB])\)?$/;

/** nrimsky/CAA's A/B questions: an array of them is a file. A character and a question stand after an empty line. */
export const ab: PairLayout = {
  members: ["question", "answer_matching_behavior", "answer_not_matching_behavior"],
  holds: { order: true },
  read(record, name) {
    const [prompt, a, b] = partsOf(textOf(record, "question", name));
    if (prompt === undefined || a === undefined || b === undefined) {
      throw bad(name, "question: no choices (A) and (B) in it");
    }
    const letter = (member: string) => LETTER.exec(textOf(record, member, name).trim())?.[1];
    const matching = letter("answer_matching_behavior");
    const other = letter("answer_not_matching_behavior");
    if (matching === undefined || other === undefined || matching === other) {
      throw bad(
        name,
        'answer_matching_behavior and answer_not_matching_behavior: one must be "(A)" and the other "(B)"',
      );
    }
    const first = matching === "A" ? "positive" : "neutral";
    const [positive, neutral] = first === "positive" ? [a, b] : [b, a];
    const item: CaaItem = { ...situationOf(prompt), positive, neutral, first };
    return withRaw(item, record, ab);
  },
  write(item) {
    const positiveFirst = item.first !== "neutral";
    const [a, b] = positiveFirst ? [item.positive, item.neutral] : [item.neutral, item.positive];
    return {
      question: `${promptOf(item)}\n\nChoices:\n(A) ${a}\n(B) ${b}`,
      answer_matching_behavior: positiveFirst ? "(A)" : "(B)",
      answer_not_matching_behavior: positiveFirst ? "(B)" : "(A)",
    };
  },
};

/** What stands before the first (A), after it, and after the (B) that follows; fewer where there are no such marks. */
function partsOf(question: string): string[] {
  const [before = "", ...afterA] = question.split("(A)");
  const [a, ...afterB] = afterA.join("(A)").split("(B)");
  if (a === undefined || afterB.length === 0) return [];
  const option = (text: string) => (text.startsWith(" ") ? text.slice(1) : text).trimEnd();
  return [
    before
      .trimEnd()
      .replace(/(?:^|\s)Choices:$/, "")
      .trimEnd(),
    option(a),
    option(afterB.join("(B)")),
  ];
}

/** The item without its answers, as one text. */
export function promptOf(item: Pick<CaaItem, "situation" | "name" | "question">): string {
  if (item.name === null && item.question === null) return item.situation;
  return `${item.situation}\n\n${formatAsk(item)}`;
}

function situationOf(prompt: string): Pick<CaaItem, "situation" | "name" | "question"> {
  const [, situation, ask] = /^([\s\S]*)\n\n(You are [\s\S]+)$/.exec(prompt) ?? [];
  const asked = ask === undefined ? null : parseAsk(ask);
  if (situation !== undefined && asked !== null && asked.name !== null) return { situation, ...asked };
  return { situation: prompt, name: null, question: null };
}
