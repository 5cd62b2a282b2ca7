import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { isName } from "#lib/core/names.ts";
import type { TraitTexts } from "#lib/traits/document.ts";
import { textsOfPairs } from "#lib/traits/import/files.ts";
import type { ImportPair } from "#lib/traits/import/mapping.ts";
import { formatSteering } from "#lib/traits/steering-file.ts";
import { promptOf } from "./layouts/ab.ts";
import { type CaaFile, type PairLayoutName, pairLayouts } from "./layouts/file.ts";
import type { CaaItem } from "./layouts/item.ts";
import { knownPersonality } from "./personalities.ts";

const name = z
  .string()
  .refine(isName, { message: "use 1-64 of a-z, 0-9, _ and -, starting with a letter or digit" });

/** POST: makes a trait and an experiment of a dataset. */
export const useForExtractionSchema = z.object({
  /** The dataset's file, in the build's folder. */
  file: z.string().min(1),
  /** The trait becomes `caa/{trait}`. */
  trait: name,
  experiment: name,
  /** Whose hidden states are read. */
  model: z.string().min(1),
});
export type UseForExtraction = z.infer<typeof useForExtractionSchema>;

/** A dataset as the pipeline reads it. */
export interface CaaExtraction {
  texts: TraitTexts;
  /** Pairs to be read. */
  pairs: number;
  /** Steering questions, of situations that are not read. */
  questions: number;
  /** Where the answer is read. */
  position: string;
}

/** Situations kept for steering: at most this many, and at most this share. */
const kept = { most: 20, share: 0.2 };

/**
 * Both sides of a pair are the same question, each with the token that answers it one way: `(1` or `(2`, `(A` or `(B`
 * (the last token is the number or the letter; Rimsky et al. 2024, arXiv:2312.06681); where the answers are whole texts,
 * the mean over their tokens is read. Some situations are kept away from it, as questions to steer by.
 * Throws `invalid-input` for a file without contrasts, or with fewer than two.
 */
export function extractionOf(data: CaaFile, personality: string, fileName: string): CaaExtraction {
  if (!("items" in data)) {
    throw new AppError(
      "invalid-input",
      `${fileName} is ${data.layout}: it has no contrast of two answers to read; import it as a trait instead`,
    );
  }
  const { items, layout } = data;
  const held = Math.min(kept.most, Math.floor(items.length * kept.share));
  // Spread over the file: neighbours may come from one story.
  const isHeld = (at: number) =>
    Math.floor(((at + 1) * held) / items.length) > Math.floor((at * held) / items.length);
  const read = items.filter((_, at) => !isHeld(at));
  const asked = items.filter((_, at) => isHeld(at));
  if (read.length < 2) {
    throw new AppError("invalid-input", `${fileName} has ${items.length} samples: vectors need at least 2`);
  }
  const questions = [...new Set((asked.length > 0 ? asked : read).map(openQuestion))];
  return {
    texts: {
      ...textsOfPairs(read.map((item) => pairOf(item, layout))),
      "definition.txt": definitionOf(personality),
      "steering.json": formatSteering({ questions }),
    },
    pairs: read.length,
    questions: questions.length,
    position: pairLayouts[layout].holds.order ? "response[-1]" : "response[:]",
  };
}

function pairOf(item: CaaItem, layout: PairLayoutName): ImportPair {
  if (!pairLayouts[layout].holds.order) {
    const prompt = promptOf(item);
    return { positive: { prompt, answer: item.positive }, negative: { prompt, answer: item.neutral } };
  }
  const { raw: _, ...plain } = item;
  const record = pairLayouts[layout].write(plain);
  const answers = layout === "caa" ? (["A", "B"] as const) : (["1", "2"] as const);
  const [first, second] = answers.map((answer) => `(${answer}`) as [string, string];
  const prompt = String(record.question);
  const positiveFirst = item.first !== "neutral";
  return {
    positive: { prompt, answer: positiveFirst ? first : second },
    negative: { prompt, answer: positiveFirst ? second : first },
  };
}

/** What a model is asked of a situation, without options; a question of its own is put to the model itself, not to the character. */
function openQuestion(item: CaaItem): string {
  return item.question === null ? promptOf(item) : `${item.situation} ${item.question}`;
}

function definitionOf(personality: string): string {
  const known = knownPersonality(personality);
  const meaning = known ? `: ${known.definition}` : ".";
  return `${personality}${meaning}
HIGH (80-100): the text clearly shows ${personality}.
MID (40-60): it is mixed, or cannot be told.
LOW (0-20): it clearly shows the opposite, or nothing of it.
Key distinction: judge how the speaker reacts, not what happens to them.
`;
}
