import { polarities } from "#lib/core/names.ts";
import { duplicateKey } from "../lint/lints/duplicate.ts";
import type { ScenarioContent } from "../scenario.ts";
import type { ImportPair } from "./mapping.ts";

/** `similar`: but for capitals and spaces. */
export type DuplicateKind = "exact" | "similar";

/** Which pairs are there already, or stand earlier in the import. Of lines of one side, only that side is compared. */
export function findDuplicates(
  pairs: readonly ImportPair[],
  existing: readonly ImportPair[],
): (DuplicateKind | null)[] {
  const sides = polarities.filter((side) => pairs.some((pair) => pair[side] !== null));
  const keysOf = (pair: ImportPair) =>
    [
      JSON.stringify(
        sides.map((side) => [pair[side]?.prompt, pair[side]?.system_prompt, pair[side]?.answer]),
      ),
      JSON.stringify(sides.map((side) => similarKey(pair[side]))),
    ] as const;
  const known = existing.map(keysOf);
  const exact = new Set(known.map(([key]) => key));
  const similar = new Set(known.map(([, key]) => key));
  return pairs.map((pair) => {
    const [same, alike] = keysOf(pair);
    const kind = exact.has(same) ? "exact" : similar.has(alike) ? "similar" : null;
    exact.add(same);
    similar.add(alike);
    return kind;
  });
}

function similarKey(scenario: ScenarioContent | null): string {
  if (!scenario) return "";
  const { prompt, system_prompt = "", answer } = scenario;
  const key = duplicateKey({ system: system_prompt, text: prompt });
  return answer === undefined ? key : JSON.stringify([key, answer]);
}

/** A pair of an import, and whether it is to be taken. */
export interface PlannedPair {
  pair: ImportPair;
  /** `half`: it has no partner, where others have one. */
  mark: DuplicateKind | "half" | null;
  taken: boolean;
}

/** What an import would take. @param leaveOut duplicates of these kinds */
export function planPairs(
  pairs: readonly ImportPair[],
  existing: readonly ImportPair[],
  leaveOut: Readonly<Record<DuplicateKind, boolean>>,
): PlannedPair[] {
  const duplicates = findDuplicates(pairs, existing);
  const whole = pairs.some(({ positive, negative }) => positive && negative);
  return pairs.map((pair, at) => {
    if (whole && !(pair.positive && pair.negative)) return { pair, mark: "half", taken: false };
    const mark = duplicates[at] ?? null;
    return { pair, mark, taken: mark === null || !leaveOut[mark] };
  });
}
