import type { Polarity } from "#lib/core/names.ts";
import type { Scenario } from "../scenario.ts";
import { type Ending, readEnding } from "./ending.ts";
import { wordsOf } from "./words.ts";

export type ScenarioText = Pick<Scenario, "line" | "prompt" | "system_prompt" | "answer">;

/** A scenario, read for the lints. */
export interface LintLine {
  polarity: Polarity;
  /** 0-based scenario. */
  index: number;
  /** 1-based line in its file. */
  line: number;
  text: string;
  /** "" where there is none. */
  system: string;
  /** Lower-case words. */
  words: readonly string[];
  /** The words as numbers: the same number, the same word, among all lines read with one vocabulary. */
  ids: Uint32Array;
  ending: Ending;
}

export interface LintPair {
  index: number;
  positive: LintLine;
  negative: LintLine;
}

/** @param vocabulary gives each word its number; new words are added */
export function readLine(
  scenario: ScenarioText,
  polarity: Polarity,
  index: number,
  vocabulary: Map<string, number>,
): LintLine {
  const { prompt: text, line, system_prompt: system = "" } = scenario;
  const words = wordsOf(text);
  const ids = new Uint32Array(words.length);
  for (const [at, word] of words.entries()) {
    const known = vocabulary.get(word) ?? vocabulary.size;
    if (known === vocabulary.size) vocabulary.set(word, known);
    ids[at] = known;
  }
  return { polarity, index, line, text, system, words, ids, ending: readEnding(text) };
}
