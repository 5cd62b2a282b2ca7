import type { Verdict } from "#lib/core/thresholds.ts";

/** Why a text failed, as far as scores and words tell (product.md section 2), and what helps. */
export const failureKinds = {
  "ignores the lock-in":
    "The line leads to the trait, yet the model turned away. End it inside the decision, with words that only one continuation fits: the first word of the act, an opened quotation, the reason just given.",
  "goes off-script":
    "The model left the scene: it repeats itself, speaks as an assistant, or of something else. Write the line in the first person and the past tense, shorter and more concrete, so that going on is the natural thing.",
  "the topic triggers the wrong behaviour":
    "The scene itself pulls the other way. Keep the ending and change the topic, or turn the ending round.",
  ambiguous:
    "Both directions are left open. Make the ending commit: name what is done or said next, and drop 'but', 'maybe' and 'so I'.",
  "judge error": "The judge gave no score: vet again; it costs only this text.",
} as const;

export type FailureKind = keyof typeof failureKinds;

export interface Failure {
  verdict: Verdict;
  /** For a response: what it completes, and how that scenario was judged (null: it was not). */
  of?: { scenario: string; verdict: Verdict | null };
  text: string;
}

/**
 * The kind of a verdict that is no pass; null for a pass. A scenario that fails pulls the wrong way by itself; a response
 * fails for its scenario where that failed, too, else because the model left the scene, else in spite of the lock-in.
 */
export function failureKindOf({ verdict, of, text }: Failure): FailureKind | null {
  if (verdict === "pass") return null;
  if (verdict === "error") return "judge error";
  if (of && isOffScript(text, of.scenario)) return "goes off-script";
  if (verdict === "ambiguous") return "ambiguous";
  if (!of || of.verdict === "fail" || of.verdict === "ambiguous")
    return "the topic triggers the wrong behaviour";
  return "ignores the lock-in";
}

const ASSISTANT =
  /\b(as an ai|language model|i'm sorry, but i can(no|')t|i can(no|')t assist|how can i (help|assist)|here(?: is|'s) (?:a|the|your) (?:list|story|continuation))\b/i;
// A response of fewer words may well share none with its scenario.
const ENOUGH_WORDS = 12;

function isOffScript(response: string, scenario: string): boolean {
  if (ASSISTANT.test(response)) return true;
  const words = wordsOf(response);
  if (words.length < ENOUGH_WORDS) return false;
  const triples = new Set(words.slice(2).map((word, at) => `${words[at]} ${words[at + 1]} ${word}`));
  if (triples.size < (words.length - 2) / 2) return true;
  const told = new Set(wordsOf(scenario));
  // "I", "the", "you" stand in every text: only longer words tell what it is about. First person ties both together.
  const sharesWords = words.some((word) => word.length > 3 && told.has(word));
  const samePerson = told.has("i") && (words.includes("i") || words.includes("my") || words.includes("me"));
  return !sharesWords && !samePerson;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
}
