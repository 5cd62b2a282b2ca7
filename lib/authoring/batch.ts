import { AppError } from "#lib/core/errors.ts";
import type { CompletionRequest } from "#lib/judge/contract.ts";
import type { Teacher } from "#lib/teacher/contract.ts";
import type { BatchResponse, DraftPair } from "./api.ts";
import { lineProblem, writtenLine } from "./line.ts";
import { fenced, messagesOf, spread } from "./prompt.ts";
import { promptSets } from "./prompts/catalogue.ts";
import { Repeats } from "./repeats.ts";
import { beginningOf, objectsIn } from "./reply.ts";
import type { Subject } from "./subject.ts";

export interface BatchWish {
  /** Pairs. */
  count: number;
  /** What they should be about, in words; "" for no wish. */
  wish: string;
  seed: number;
}

export type Batch = Pick<BatchResponse, "pairs" | "dropped">;

export const batchVersion = promptSets["batch-1"].version;

const shownPairs = 24;
const shownCharacters = 12_000;
/** A generous pair, and what a model may think aloud before. */
const tokens = { pair: 160, more: 1_024 };

const jsonSchema = {
  name: "pairs",
  schema: {
    type: "object",
    properties: {
      pairs: {
        type: "array",
        items: {
          type: "object",
          properties: { positive: { type: "string" }, negative: { type: "string" } },
          required: ["positive", "negative"],
          additionalProperties: false,
        },
      },
    },
    required: ["pairs"],
    additionalProperties: false,
  },
};

/**
 * New pairs for a trait, without those that repeat a line of it or one another, and those no file can hold.
 * Throws `invalid-input` where there is nothing to go by, `judge-unparsable` for a reply without pairs.
 */
export async function writeBatch(subject: Subject, wish: BatchWish, writer: Teacher): Promise<Batch> {
  const { text: reply, model } = await writer.ask(batchRequest(subject, wish));
  const drafts = objectsIn(reply, "pairs")
    .map(({ positive, negative }) => ({ positive: writtenLine(positive), negative: writtenLine(negative) }))
    .filter(({ positive, negative }) => positive !== "" || negative !== "");
  if (drafts.length === 0) {
    throw new AppError(
      "judge-unparsable",
      `${model} answered without pairs: try again, or choose a larger instruct model; its answer began ${beginningOf(reply)}`,
      { retryable: true },
    );
  }
  const { pairs, dropped } = sift(drafts, subject);
  return { pairs: pairs.slice(0, wish.count), dropped };
}

export function batchRequest(subject: Subject, { count, wish, seed }: BatchWish): CompletionRequest {
  if (subject.definition === null && subject.pairs.length === 0) {
    throw new AppError(
      "invalid-input",
      `${subject.name} has neither a definition nor a pair: write one of them first, a writer has nothing else to go by`,
    );
  }
  const messages = messagesOf("batch-1", subject, {
    count: String(count),
    examples: examplesOf(subject),
    wish:
      wish.trim() === ""
        ? "Choose the situations yourself."
        : `The author's wish for the new lines:\n${fenced("wish", wish)}`,
  });
  const maxTokens = tokens.more + count * tokens.pair;
  return { messages, maxTokens, temperature: 0.9, seed, jsonSchema };
}

function examplesOf({ pairs }: Subject): string {
  const whole = pairs.flatMap(({ positive, negative }) =>
    positive && negative ? { positive, negative } : [],
  );
  const shown = spread(
    whole,
    shownPairs,
    shownCharacters,
    ({ positive, negative }) => positive.prompt.length + negative.prompt.length,
  );
  if (shown.length === 0) return "There are no pairs yet.";
  const texts = shown.map(
    ({ positive, negative }) =>
      `${fenced("positive", positive.prompt)}\n${fenced("negative", negative.prompt)}`,
  );
  return `Pairs that are there already:\n${texts.join("\n\n")}`;
}

function sift(drafts: readonly DraftPair[], { sides }: Subject): Batch {
  const repeats = new Repeats(
    sides,
    drafts.flatMap(({ positive, negative }, at) => [
      { polarity: "positive", text: positive, name: `the positive of new pair ${at + 1}` } as const,
      { polarity: "negative", text: negative, name: `the negative of new pair ${at + 1}` } as const,
    ]),
  );
  const pairs: DraftPair[] = [];
  const dropped: Batch["dropped"] = [];
  for (const [at, pair] of drafts.entries()) {
    const reason = problemOf(pair) ?? repetition(repeats, at);
    if (reason === null) pairs.push(pair);
    else dropped.push({ pair, reason });
  }
  return { pairs, dropped };
}

function problemOf({ positive, negative }: DraftPair): string | null {
  const problems = { positive: lineProblem(positive), negative: lineProblem(negative) };
  if (problems.positive) return `the positive ${problems.positive}`;
  if (problems.negative) return `the negative ${problems.negative}`;
  return positive === negative ? "both sides are the same" : null;
}

/** A dropped pair's other side is no line that later pairs could repeat. */
function repetition(repeats: Repeats, at: number): string | null {
  for (const [side, draft] of [
    ["positive", 2 * at],
    ["negative", 2 * at + 1],
  ] as const) {
    const reason = repeats.reason(draft);
    if (reason === null) continue;
    repeats.forget(2 * at);
    repeats.forget(2 * at + 1);
    return `the ${side} is ${reason}`;
  }
  return null;
}
