import { lengthProblem } from "#lib/traits/scenario.ts";

/** A line as the writer meant it: tags of the lines it was shown had been written with `&lt;` (`escapeFences`). */
export function writtenLine(value: unknown): string {
  return typeof value === "string" ? value.trim().replaceAll("&lt;", "<").replaceAll("&#91;", "[") : "";
}

/** Why a text cannot stand as one line of a scenario file; null when it can. */
export function lineProblem(text: string): string | null {
  if (text === "") return "is blank";
  if (/[\r\n]/.test(text)) return "has several lines";
  if (!text.isWellFormed()) return "holds half a character";
  return lengthProblem(text) === null ? null : "is over 8 kB";
}
