import { type Polarity, polarities } from "#lib/core/names.ts";
import { layoutOf, type TraitTexts } from "#lib/traits/document.ts";
import { readScenarios, scenarioFileName, scenarioText } from "#lib/traits/scenario.ts";
import { type Failure, type FailureKind, failureKindOf } from "./failure-kinds.ts";
import { labelKey } from "./human-labels.ts";
import { effectiveVerdict, type Vetted, type VettingFile } from "./vetting.ts";
import type { TraitVetting } from "./vetting-api.ts";

/** A line of a trait as it is now, with what is known of exactly this text. */
export interface VettedLine {
  polarity: Polarity;
  /** 0-based scenario. */
  index: number;
  /** 1-based line in its file. */
  line: number;
  /** With its system prompt, if any. */
  text: string;
  /** The text of the other side's scenario at the same place. */
  partner: string | null;
  /** Null where this text was not vetted: it is new, or was changed since. */
  scenario: Vetted | null;
  /** Of the response to this text; null where there is none yet. */
  response: Vetted | null;
}

/**
 * The lines of a trait with their results. Scores are found by text: an edited line has none until it is vetted again, a
 * moved one keeps its own. Lines that cannot be read are left out.
 */
export function vettedLines(
  texts: TraitTexts,
  vetting: Pick<TraitVetting, "scenarios" | "responses">,
): VettedLine[] {
  const scenarios = resultsByScenario(vetting.scenarios);
  const responses = resultsByScenario(vetting.responses);
  const sides = polarities.map((polarity) => {
    const layout = layoutOf(texts, polarity);
    const file = scenarioFileName(polarity, layout);
    return readScenarios(texts[file as keyof TraitTexts] ?? "", layout, file).scenarios;
  });
  return polarities.flatMap((polarity, side) => {
    const partners = new Map(sides[1 - side]?.map((scenario) => [scenario.index, scenarioText(scenario)]));
    return (sides[side] ?? []).map((scenario): VettedLine => {
      const text = scenarioText(scenario);
      const key = labelKey({ polarity, text });
      const { index, line } = scenario;
      return {
        polarity,
        index,
        line,
        text,
        partner: partners.get(index) ?? null,
        scenario: scenarios.get(key) ?? null,
        response: responses.get(key) ?? null,
      };
    });
  });
}

function resultsByScenario(file: VettingFile | null): Map<string, Vetted> {
  return new Map(
    (file?.results ?? []).flatMap((result) =>
      result.scenario === undefined
        ? []
        : [[labelKey({ polarity: result.polarity, text: result.scenario }), result] as const],
    ),
  );
}

/** Why a line's scenario or response did not pass; null where it passed or was not vetted. */
export function lineFailure(line: VettedLine, kind: "scenario" | "response"): FailureKind | null {
  const result = line[kind];
  if (!result) return null;
  const verdict = effectiveVerdict(result);
  const of: Failure["of"] = {
    scenario: line.text,
    verdict: line.scenario && effectiveVerdict(line.scenario),
  };
  const text = kind === "scenario" ? line.text : (result.response ?? "");
  return failureKindOf({ verdict, text, ...(kind === "response" ? { of } : {}) });
}

/** What of the file no longer holds for all its lines, in words; empty where it does. */
export function outdated(
  file: VettingFile,
  now: { definition: string | null; thresholds: TraitVetting["thresholds"] },
): string[] {
  const { pos_threshold, neg_threshold } = file.thresholds;
  const moved =
    pos_threshold !== now.thresholds.pos_threshold || neg_threshold !== now.thresholds.neg_threshold;
  return [
    ...((now.definition ?? "").trim() === file.trait_definition.trim() ? [] : ["the definition was changed"]),
    ...(moved ? [`the thresholds were ${pos_threshold} and ${neg_threshold}`] : []),
  ];
}
