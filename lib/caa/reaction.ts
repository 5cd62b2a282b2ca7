import { withoutThinking } from "#lib/judge/scoring.ts";
import type { RejectionReason } from "./records.ts";

/** A longer reaction is no short one. */
export const longestReaction = 600;

/** A reaction as it was meant: no thinking, no quotation marks around the whole, one line. */
export function cleanReaction(text: string): string {
  const line = withoutThinking(text).toWellFormed().trim();
  const joined = /^\s*(?:\(?\d+[.):]|[-*•])\s/m.test(line) ? line : line.replace(/\s+/g, " ");
  const [, inner] = /^["“”']([^"“”]*)["“”']$/.exec(joined) ?? [];
  return (inner ?? joined).trim();
}

/** Why these two make no sample; null where they do. */
export function reactionProblem(
  positive: string,
  neutral: string,
): { reason: RejectionReason; details: string } | null {
  const both = [
    ["positive", positive],
    ["neutral", neutral],
  ] as const;
  for (const [side, text] of both) if (plain(text) === "") return { reason: "empty reaction", details: side };
  for (const [side, text] of both) {
    if (text.length > longestReaction) {
      return { reason: "reaction too long", details: `${side}: ${text.length} characters` };
    }
    if (/[\r\n]|^\s*(?:\(?[12A-B][.):]|[-*•])\s|\[Answer\]|\[Situation\]|\[Question\]/.test(text)) {
      return { reason: "reaction breaks the options", details: side };
    }
  }
  if (plain(positive) !== plain(neutral)) return null;
  return { reason: "identical reactions", details: positive === neutral ? "" : "but for capitals and signs" };
}

/** Letters and digits alone, or the text itself where it has none. */
function plain(text: string): string {
  const bare = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  return bare === "" ? text.replace(/[\s\p{P}]+/gu, "") : bare;
}
