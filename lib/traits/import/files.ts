import { polarities } from "#lib/core/names.ts";
import { layoutOf, type TraitFileName, type TraitTexts } from "../document.ts";
import {
  formatScenarios,
  readScenarios,
  type ScenarioContent,
  type ScenarioLayout,
  scenarioFileName,
} from "../scenario.ts";
import type { ImportPair } from "./mapping.ts";

/** The layout that can hold these scenarios: text files unless one has more than a prompt, or a line break. */
function layoutFor(scenarios: readonly ScenarioContent[]): ScenarioLayout {
  const needsRecord = ({ prompt, system_prompt, answer }: ScenarioContent) =>
    system_prompt !== undefined || answer !== undefined || /[\r\n]/.test(prompt);
  return scenarios.some(needsRecord) ? "jsonl" : "lines";
}

/**
 * The texts to save so that a trait has these pairs: after its own, or instead of them. Null takes a file away: a
 * text file becomes JSON Lines where it must hold system prompts, answers or line breaks. A side that no pair has stays as it is.
 */
export function withPairs(
  texts: TraitTexts,
  pairs: readonly ImportPair[],
  mode: "append" | "replace",
): Partial<Record<TraitFileName, string | null>> {
  const sides = polarities.map((polarity) => pairs.flatMap((pair) => pair[polarity] ?? []));
  const needed = layoutFor(sides.flat());
  const changed: Partial<Record<TraitFileName, string | null>> = {};
  for (const [at, polarity] of polarities.entries()) {
    const added = sides[at] ?? [];
    const has = layoutOf(texts, polarity);
    if (added.length === 0 && texts[scenarioFileName(polarity, has) as TraitFileName] !== undefined) continue;
    const layout = mode === "append" && has === "jsonl" ? "jsonl" : needed;
    const [file, other] = [layout, layout === "lines" ? "jsonl" : "lines"].map(
      (kind) => scenarioFileName(polarity, kind as ScenarioLayout) as TraitFileName,
    ) as [TraitFileName, TraitFileName];
    changed[file] =
      (mode === "append" ? ownText(texts, polarity, layout) : "") + formatScenarios(added, layout);
    if (texts[other] !== undefined) changed[other] = null;
  }
  return changed;
}

/** What a side has already, in the wanted layout and with an end to its last line. */
function ownText(texts: TraitTexts, polarity: (typeof polarities)[number], layout: ScenarioLayout): string {
  const has = layoutOf(texts, polarity);
  const file = scenarioFileName(polarity, has);
  const text = texts[file as TraitFileName] ?? "";
  if (has !== layout) return formatScenarios(readScenarios(text, has, file).scenarios, layout);
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

/** A new trait's scenario files. */
export function textsOfPairs(pairs: readonly ImportPair[]): TraitTexts {
  return withPairs({}, pairs, "replace") as TraitTexts;
}
