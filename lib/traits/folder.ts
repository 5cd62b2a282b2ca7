import { AppError } from "#lib/core/errors.ts";
import type { Polarity } from "#lib/core/names.ts";
import { decodeText } from "./lines.ts";
import {
  parseScenarioJsonl,
  parseScenarioLines,
  type Scenario,
  type ScenarioLayout,
  scenarioFileName,
} from "./scenario.ts";
import { parseSteering, type SteeringFile } from "./steering-file.ts";

export const definitionFile = "definition.txt";
export const steeringFile = "steering.json";

/** Every file name a trait folder may hold that Tiller reads (formats.md section 1). */
export const traitFiles = [
  "positive.txt",
  "negative.txt",
  "positive.jsonl",
  "negative.jsonl",
  definitionFile,
  steeringFile,
] as const;

/** A trait as its folder holds it. */
export interface TraitFolder {
  positive: Scenario[];
  negative: Scenario[];
  layout: Record<Polarity, ScenarioLayout>;
  /** The judge's rubric; null when there is no definition.txt. */
  definition: string | null;
  /** Null when there is no steering.json. */
  steering: SteeringFile | null;
}

/** Two scenarios on the same place of their files. */
export interface ScenarioPair {
  index: number;
  positive: Scenario;
  negative: Scenario;
}

/**
 * Reads a trait folder.
 * @param files contents by file name, for the names of `traitFiles` that exist
 * @param folder what errors name: `datasets/traits/demo/optimism`
 * Throws `not-found` for a missing scenario file, `invalid-file` with file and line for anything wrong inside.
 */
export function parseTraitFolder(
  files: ReadonlyMap<string, Uint8Array | string>,
  folder: string,
): TraitFolder {
  const positive = parsePolarity(files, folder, "positive");
  const negative = parsePolarity(files, folder, "negative");
  const definition = files.get(definitionFile);
  const steering = files.get(steeringFile);
  return {
    positive: positive.scenarios,
    negative: negative.scenarios,
    layout: { positive: positive.layout, negative: negative.layout },
    definition: definition === undefined ? null : parseDefinition(definition, `${folder}/${definitionFile}`),
    steering: steering === undefined ? null : parseSteering(steering, `${folder}/${steeringFile}`),
  };
}

function parsePolarity(
  files: ReadonlyMap<string, Uint8Array | string>,
  folder: string,
  polarity: Polarity,
): { scenarios: Scenario[]; layout: ScenarioLayout } {
  const lines = files.get(scenarioFileName(polarity, "lines"));
  const jsonl = files.get(scenarioFileName(polarity, "jsonl"));
  if (lines !== undefined && jsonl !== undefined) {
    throw new AppError(
      "invalid-file",
      `${folder}: both ${polarity}.txt and ${polarity}.jsonl are there: keep one, which of them counts is not clear`,
    );
  }
  if (lines !== undefined) {
    return { scenarios: parseScenarioLines(lines, `${folder}/${polarity}.txt`), layout: "lines" };
  }
  if (jsonl !== undefined) {
    return { scenarios: parseScenarioJsonl(jsonl, `${folder}/${polarity}.jsonl`), layout: "jsonl" };
  }
  throw new AppError(
    "not-found",
    `${folder}/${polarity}.txt is not there: write one ${polarity} scenario per line into it`,
  );
}

/** The rubric, with LF and without blank lines around it. Throws `invalid-file` when nothing is left. */
export function parseDefinition(data: Uint8Array | string, file: string): string {
  const text = decodeText(data, file).replaceAll("\r\n", "\n").trim();
  if (text !== "") return text;
  throw new AppError("invalid-file", `${file} is empty: write what a high, middle and low score mean`);
}

/** Why the scenarios do not form pairs, and in which file to mend it; null when they do. */
export function countProblem(
  counts: Record<Polarity, number>,
  layout: Record<Polarity, ScenarioLayout>,
): { file: string; message: string } | null {
  const { positive, negative } = counts;
  if (positive === negative) return null;
  const [longer, shorter] =
    positive > negative ? (["positive", "negative"] as const) : (["negative", "positive"] as const);
  const difference = Math.abs(positive - negative);
  const [long, short] = [longer, shorter].map((side) => scenarioFileName(side, layout[side])) as [
    string,
    string,
  ];
  return {
    file: short,
    message:
      `${positive} positive but ${negative} negative scenarios; they form pairs by line: ` +
      `add ${difference} to ${short} or remove ${difference} from ${long}`,
  };
}

/** Both polarities by place. Throws `invalid-file` when one has more scenarios than the other. */
export function scenarioPairs(
  { positive, negative, layout }: Pick<TraitFolder, "positive" | "negative" | "layout">,
  folder: string,
): ScenarioPair[] {
  const unequal = countProblem({ positive: positive.length, negative: negative.length }, layout);
  if (unequal) throw new AppError("invalid-file", `${folder}: ${unequal.message}`);
  return positive.flatMap((scenario, index) => {
    const other = negative[index];
    return other === undefined ? [] : [{ index, positive: scenario, negative: other }];
  });
}
