import { keywordMatcher } from "../keywords/match.ts";
import lists from "../keywords/time-sensitive.json" with { type: "json" };
import type { SoundInput } from "./gate.ts";
import { textsIn } from "./texts.ts";

const keywords = keywordMatcher(lists.keywords);
const categories = new Set(lists.categories);

/** Whether what an answer says may have changed since: by its category, or by keywords in prompt or answer. */
export function timeSensitive({ category, prompt, payloadType, response }: SoundInput): boolean {
  if (categories.has(category.trim().toLowerCase())) return true;
  // The lines of contrast pairs tell scenes, no facts.
  const told = payloadType === "contrast_pairs" ? [] : textsIn(response);
  return [prompt, ...told].some((text) => keywords.matches(text).length > 0);
}
