import type { LintLine, LintPair } from "./line.ts";

/** True when both lines begin with the same two words, or with the same one where a line has no more. */
export function sameOpening({ positive, negative }: LintPair): boolean {
  const opening = ({ words }: LintLine) => words.slice(0, 2).join(" ");
  return opening(positive) === opening(negative);
}

const FIRST_PERSON = new Set("i i'm i've i'd i'll me my mine myself we us our".split(" "));

export function isFirstPerson({ words }: LintLine): boolean {
  return words.some((word) => FIRST_PERSON.has(word));
}

/** True when both lines are told in the first person, or neither is. */
export function samePerson({ positive, negative }: LintPair): boolean {
  return isFirstPerson(positive) === isFirstPerson(negative);
}
