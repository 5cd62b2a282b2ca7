import type { Polarity } from "#lib/core/names.ts";
import { lengthProblem, type ScenarioLayout } from "./scenario.ts";

/** One line of a scenario file that becomes another. */
export interface LineEdit {
  polarity: Polarity;
  /** 1-based line in its file. */
  line: number;
  /** As they are written in the file, without the line's end. */
  before: string;
  after: string;
}

/** The prompt of a written line. Throws where a .jsonl line cannot be read. */
export function promptOf(written: string, layout: ScenarioLayout): string {
  return layout === "lines" ? written : JSON.parse(written).prompt;
}

/** The line with another prompt; whatever else a .jsonl line holds stays. */
export function withPrompt(written: string, layout: ScenarioLayout, prompt: string): string {
  return layout === "lines" ? prompt : JSON.stringify({ ...JSON.parse(written), prompt });
}

/** Why a line cannot hold this prompt; null where it can. */
export function promptProblem(prompt: string, layout: ScenarioLayout): string | null {
  if (prompt.trim() === "") return "a line must not be blank: delete the pair in the editor instead";
  if (layout === "lines" && /[\r\n]/.test(prompt))
    return "a line of a .txt file holds no line break: take it out";
  return lengthProblem(prompt);
}

/**
 * The text of one side with its lines edited. A line that stands elsewhere by now is found by what it held; one that is
 * gone, or is there more than once, is left alone and told in `missed`.
 */
export function editLines(text: string, edits: readonly LineEdit[]): { text: string; missed: LineEdit[] } {
  const lines = text.split("\n");
  const missed: LineEdit[] = [];
  for (const edit of edits) {
    const at = placeOf(lines, edit);
    if (at === null) missed.push(edit);
    else lines[at] = edit.after;
  }
  return { text: lines.join("\n"), missed };
}

function placeOf(lines: readonly string[], { line, before }: LineEdit): number | null {
  if (lines[line - 1] === before) return line - 1;
  const first = lines.indexOf(before);
  return first === -1 || first !== lines.lastIndexOf(before) ? null : first;
}
