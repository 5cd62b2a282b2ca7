import type { ChatMessage } from "#lib/judge/contract.ts";
import { escapeFences, fill, maxTextCharacters } from "#lib/judge/prompts/render.ts";
import { promptSets } from "./prompts/catalogue.ts";
import type { Subject } from "./subject.ts";

const longestDefinition = 4 * maxTextCharacters;

/** Some user's text as data: it cannot close its fence. */
export function fenced(tag: string, text: string, longest = maxTextCharacters): string {
  return `<${tag}>${escapeFences(text.trim().slice(0, longest).toWellFormed())}</${tag}>`;
}

/** @param values what `user.txt` has in braces, besides the trait's name, definition and style */
export function messagesOf(
  set: keyof typeof promptSets,
  { name, definition, style }: Subject,
  values: Readonly<Record<string, string>>,
): ChatMessage[] {
  const { prompts } = promptSets[set];
  const told =
    definition === null
      ? "There is no definition: go by the name and the lines."
      : `What the trait is, as its judge is told:\n${fenced("definition", definition, longestDefinition)}`;
  return [
    { role: "system", content: prompts.system },
    {
      role: "user",
      content: fill(prompts.user, {
        trait: name,
        definition: told,
        style: prompts[`style-${style}`],
        ...values,
      }),
    },
  ];
}

/** At most `most` of them, spread evenly over the whole, as long as they have room. */
export function spread<T>(all: readonly T[], most: number, room: number, lengthOf: (one: T) => number): T[] {
  const count = Math.min(most, all.length);
  const picked = Array.from({ length: count }, (_, at) => all[Math.floor((at * all.length) / count)] as T);
  let left = room;
  return picked.filter((one) => {
    left -= lengthOf(one);
    return left >= 0;
  });
}
