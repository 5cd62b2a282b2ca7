import { AppError } from "#lib/core/errors.ts";
import type { Polarity } from "#lib/core/names.ts";
import { countProblem, definitionFile, parseDefinition, steeringFile, traitFiles } from "./folder.ts";
import { decodeText, normaliseText } from "./lines.ts";
import {
  readScenarios,
  type Scenario,
  type ScenarioLayout,
  type ScenarioReading,
  scenarioFileName,
  type TraitProblem,
} from "./scenario.ts";
import { parseSteering, type SteeringFile } from "./steering-file.ts";

export type TraitFileName = (typeof traitFiles)[number];

/** The editable form of a trait: its files' texts, with LF and without a BOM. A file that is not there has none. */
export type TraitTexts = Partial<Record<TraitFileName, string>>;

/** The scenarios at one place; null where a side has none or its line cannot be read. */
export interface PairRow {
  index: number;
  positive: Scenario | null;
  negative: Scenario | null;
}

/** What the texts say, as far as they can be read. */
export interface TraitReading {
  layout: Record<Polarity, ScenarioLayout>;
  /** Scenarios a side, unreadable ones counted. */
  counts: Record<Polarity, number>;
  pairs: PairRow[];
  definition: string | null;
  steering: SteeringFile | null;
  problems: TraitProblem[];
}

/**
 * The texts of a folder's files. @param folder what an error names
 * Throws `invalid-file` with `folder/file:line` for bytes that are not UTF-8.
 */
export function textsOf(files: ReadonlyMap<string, Uint8Array>, folder: string): TraitTexts {
  const texts: TraitTexts = {};
  for (const name of traitFiles) {
    const bytes = files.get(name);
    if (bytes !== undefined) texts[name] = normaliseText(decodeText(bytes, `${folder}/${name}`));
  }
  return texts;
}

/**
 * The files after an edit: a file whose text is the same keeps its bytes (BOM and CRLF with them), any other is
 * written with LF.
 */
export function filesOf(
  texts: TraitTexts,
  before: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  folder: string,
): Map<TraitFileName, Uint8Array<ArrayBuffer>> {
  const old = textsOf(before, folder);
  const files = new Map<TraitFileName, Uint8Array<ArrayBuffer>>();
  for (const name of traitFiles) {
    const text = texts[name];
    if (text === undefined) continue;
    const bytes = normaliseText(text) === old[name] ? before.get(name) : undefined;
    files.set(name, bytes ?? new TextEncoder().encode(normaliseText(text)));
  }
  return files;
}

/** Reads the texts, every problem listed. */
export function readTrait(texts: TraitTexts): TraitReading {
  const layout = { positive: layoutOf(texts, "positive"), negative: layoutOf(texts, "negative") };
  const positive = readSide(texts, "positive", layout.positive);
  const negative = readSide(texts, "negative", layout.negative);
  const problems = [...positive.problems, ...negative.problems];
  const counts = { positive: positive.count, negative: negative.count };
  const unequal = countProblem(counts, layout);
  if (unequal) problems.push({ ...unequal, line: null });
  const read = <T>(file: TraitFileName, parse: (text: string, file: string) => T): T | null => {
    const text = texts[file];
    if (text === undefined) return null;
    try {
      return parse(text, file);
    } catch (error) {
      problems.push(problemOf(error, file));
      return null;
    }
  };
  const definition = read(definitionFile, parseDefinition);
  const steering = read(steeringFile, parseSteering);
  return { layout, counts, pairs: pairRows(positive, negative), definition, steering, problems };
}

function pairRows(positive: ScenarioReading, negative: ScenarioReading): PairRow[] {
  const rows: PairRow[] = Array.from({ length: Math.max(positive.count, negative.count) }, (_, index) => ({
    index,
    positive: null,
    negative: null,
  }));
  for (const scenario of positive.scenarios)
    Object.assign(rows[scenario.index] ?? {}, { positive: scenario });
  for (const scenario of negative.scenarios)
    Object.assign(rows[scenario.index] ?? {}, { negative: scenario });
  return rows;
}

/** `lines` unless only the .jsonl file is there. */
export function layoutOf(texts: TraitTexts, polarity: Polarity): ScenarioLayout {
  return texts[`${polarity}.txt`] === undefined && texts[`${polarity}.jsonl`] !== undefined
    ? "jsonl"
    : "lines";
}

function readSide(texts: TraitTexts, polarity: Polarity, layout: ScenarioLayout): ScenarioReading {
  const file = scenarioFileName(polarity, layout);
  const text = texts[file as TraitFileName];
  if (text === undefined) {
    const message = `it is not there: write one ${polarity} scenario per line into it`;
    return { scenarios: [], count: 0, problems: [{ file, line: null, message }] };
  }
  const reading = readScenarios(text, layout, file);
  if (layout === "lines" && texts[`${polarity}.jsonl`] !== undefined) {
    const message = `${polarity}.jsonl is there, too: keep one, which of them counts is not clear`;
    reading.problems.push({ file, line: null, message });
  }
  return reading;
}

/** The parsers of whole files say `file:line: what` or `file: what`, or `file what`. */
function problemOf(error: unknown, file: string): TraitProblem {
  const message = AppError.from(error).userMessage;
  const rest = message.startsWith(file) ? message.slice(file.length) : message;
  const [, line, what] = /^(?::(\d+))?:? (.*)$/s.exec(rest) ?? [];
  return { file, line: line === undefined ? null : Number(line), message: what ?? rest };
}
