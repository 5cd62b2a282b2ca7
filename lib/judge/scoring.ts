import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import type { TokenAlternative } from "./contract.ts";

/** Part of the cache key: raise it when the same replies would give another score. */
export const scoringVersion = "2";

/** Least probability mass on integers for a score to be believed. Coherence texts may be garbage, so less is asked. */
export const massFloor = { trait: 0.25, coherence: 0.1 } as const;

export type Relevance = "ENGAGES" | "OFF_TOPIC";

/** An off-topic answer is at most this coherent. */
export const offTopicCap = 50;

const INTEGER = /^(?:0|[1-9]\d?|100)$/;

/** The integer 0-100 that a token is once trimmed, or null. `007`, `8.`, `101` and `٨` are not. */
export function integerOf(token: string): number | null {
  const trimmed = token.trim();
  return INTEGER.test(trimmed) ? Number(trimmed) : null;
}

/**
 * The expected score Σ v·p / Σ p over the first token's alternatives that are integers 0-100.
 * Spellings of one number (`80`, ` 80`) add up; a server's exact repetition of an entry counts once.
 * @returns the score and the mass Σ p; the score is null where the mass is below the floor
 */
export function expectedScore(
  alternatives: readonly TokenAlternative[],
  floor: number,
): { score: number | null; mass: number } {
  const seen = new Set<string>();
  let mass = 0;
  let weighted = 0;
  for (const { token, logprob } of alternatives) {
    const value = integerOf(token);
    const entry = `${logprob} ${token}`;
    if (value === null || !(logprob <= 0.001) || seen.has(entry)) continue;
    seen.add(entry);
    const probability = Math.exp(Math.min(logprob, 0));
    mass += probability;
    weighted += value * probability;
  }
  if (!(mass > 0 && mass >= floor)) return { score: null, mass };
  // Rounding may push the quotient past the largest value by one unit in the last place.
  return { score: Math.min(100, Math.max(0, weighted / mass)), mass: Math.min(1, mass) };
}

/** Middle value; the mean of the middle two for an even count. The list must not be empty. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  if (low === undefined || high === undefined) throw new AppError("internal", "median of an empty list");
  return (low + high) / 2;
}

/** The structured output asked for by the JSON method. */
export const scoreJsonSchema = {
  name: "score",
  schema: {
    type: "object",
    properties: { score: { type: "integer", minimum: 0, maximum: 100 } },
    required: ["score"],
    additionalProperties: false,
  },
};

const scoreReply = z.object({ score: z.number().min(0).max(100) });

/** The score in a reply such as `{"score": 85}`, alone, fenced or at the end of some text; null where there is none. */
export function parseScoreJson(reply: string): number | null {
  const objects = withoutThinking(reply).match(/\{[^{}]*\}/g) ?? [];
  for (const text of objects.reverse()) {
    const parsed = scoreReply.safeParse(tryJson(text));
    if (parsed.success) return parsed.data.score;
  }
  return null;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The one label that a relevance reply names; null where it names neither or both. */
export function parseRelevance(reply: string): Relevance | null {
  const text = withoutThinking(reply).toUpperCase();
  const engages = /\bENGAGES\b/.test(text);
  const offTopic = /\bOFF[_\s-]?TOPIC\b/.test(text);
  return engages === offTopic ? null : engages ? "ENGAGES" : "OFF_TOPIC";
}

/**
 * The likelier label among the first token's alternatives: a small judge that is puzzled by a garbled text may put
 * another token first, and still prefer one label. Null where neither is there.
 */
export function likelierRelevance(alternatives: readonly TokenAlternative[]): Relevance | null {
  const labels = alternatives
    .filter(({ token }) => token.trim() === "ENGAGES" || token.trim() === "OFF_TOPIC")
    .sort((a, b) => b.logprob - a.logprob);
  return labels[0] ? parseRelevanceStart(labels[0].token) : null;
}

/** The label whose first letters a reply is, from a judge that says nothing else (built-in); null where it is neither. */
export function parseRelevanceStart(reply: string): Relevance | null {
  const text = reply.trim();
  const starts = (label: Relevance) => text !== "" && (label.startsWith(text) || text.startsWith(label));
  return starts("ENGAGES") ? "ENGAGES" : starts("OFF_TOPIC") ? "OFF_TOPIC" : null;
}

/** A reply without what a reasoning model thinks aloud before it. */
export function withoutThinking(reply: string): string {
  return reply.replace(/<think>[\s\S]*?(<\/think>|$)/gi, "");
}
