import type { Polarity } from "#lib/core/names.ts";
import { lengthProblem, type ScenarioContent, type TraitProblem } from "../scenario.ts";
import type { Table } from "./table.ts";

/** What a pair is made of; a half that is missing is null. */
export interface ImportPair {
  positive: ScenarioContent | null;
  negative: ScenarioContent | null;
}

/** What an import would bring. Nothing is written by making it. */
export interface ImportPreview {
  pairs: ImportPair[];
  problems: TraitProblem[];
}

/** Which columns hold what: both halves of a pair in a row, or a prompt with the label of its side. */
export type ColumnMapping =
  | {
      kind: "pairs";
      positive: string;
      negative: string;
      /** Columns with system prompts. */
      positiveSystem?: string;
      negativeSystem?: string;
      /** Columns with given answers. */
      positiveAnswer?: string;
      negativeAnswer?: string;
    }
  | {
      kind: "labelled";
      prompt: string;
      label: string;
      /** The label of positives; any other but `negative` is a problem. Case does not count. */
      positive: string;
      negative: string;
      system?: string;
    };

const names: Record<Polarity, string[]> = {
  positive: ["positive", "pos", "positives", "trait"],
  negative: ["negative", "neg", "negatives", "opposite"],
};
const promptNames = ["prompt", "text", "scenario", "sentence"];
const labelNames = ["label", "polarity", "side", "class"];
const labelPairs = [
  ["positive", "negative"],
  ["pos", "neg"],
  ["1", "0"],
  ["1", "-1"],
  ["true", "false"],
  ["yes", "no"],
] as const;

/** The mapping that the column names suggest; null when a person must choose. */
export function guessMapping({ columns, rows }: Pick<Table, "columns" | "rows">): ColumnMapping | null {
  const find = (wanted: readonly string[]) => columns.find((name) => wanted.includes(name.toLowerCase()));
  const [positive, negative] = [find(names.positive), find(names.negative)];
  if (positive && negative) {
    const optional = Object.entries({
      positiveSystem: find(["positive_system_prompt"]),
      negativeSystem: find(["negative_system_prompt"]),
      positiveAnswer: find(["positive_answer"]),
      negativeAnswer: find(["negative_answer"]),
    });
    return {
      kind: "pairs",
      positive,
      negative,
      ...Object.fromEntries(optional.filter(([, column]) => column !== undefined)),
    };
  }
  const [prompt, label, system] = [find(promptNames), find(labelNames), find(["system_prompt"])];
  if (!prompt || !label) return null;
  const { guess } = labelsOf({ rows }, label);
  return guess && { kind: "labelled", prompt, label, ...guess, ...(system ? { system } : {}) };
}

/** What stands in a column, each label once in lower case, and which are the sides where their names say so. */
export function labelsOf(
  { rows }: Pick<Table, "rows">,
  column: string,
): { labels: string[]; guess: Record<Polarity, string> | null } {
  const labels = [...new Set(rows.map(({ cells }) => labelOf(cells[column])))];
  const pair = labelPairs.find((pair) => labels.every((label) => pair.some((known) => known === label)));
  return { labels, guess: pair ? { positive: pair[0], negative: pair[1] } : null };
}

function labelOf(cell: string | undefined): string {
  return (cell ?? "").trim().toLowerCase();
}

/** The pairs of a table. Rows with a problem are left out, whole. @param file what problems name */
export function importTable(table: Table, mapping: ColumnMapping, file: string): ImportPreview {
  const { pairs, problems } = readPairs(table, mapping, file);
  return { pairs, problems: problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

function readPairs(table: Table, mapping: ColumnMapping, file: string): ImportPreview {
  const problems = [...table.problems];
  const read = (
    line: number,
    column: string,
    prompt = "",
    system = "",
    answer = "",
  ): ScenarioContent | null => {
    const message = prompt.trim() === "" ? "is blank" : lengthProblem(prompt);
    if (message !== null) problems.push({ file, line, message: `${column}: ${message}` });
    else
      return {
        prompt,
        ...(system.trim() === "" ? {} : { system_prompt: system }),
        ...(answer.trim() === "" ? {} : { answer }),
      };
    return null;
  };
  if (mapping.kind === "pairs") {
    const pairs = table.rows.flatMap(({ line, cells }): ImportPair[] => {
      const cell = (column: string | undefined) => (column === undefined ? undefined : cells[column]);
      const positive = read(
        line,
        mapping.positive,
        cell(mapping.positive),
        cell(mapping.positiveSystem),
        cell(mapping.positiveAnswer),
      );
      const negative = read(
        line,
        mapping.negative,
        cell(mapping.negative),
        cell(mapping.negativeSystem),
        cell(mapping.negativeAnswer),
      );
      return positive && negative ? [{ positive, negative }] : [];
    });
    return { pairs, problems };
  }
  const sides: Record<Polarity, ScenarioContent[]> = { positive: [], negative: [] };
  for (const { line, cells } of table.rows) {
    const label = labelOf(cells[mapping.label]);
    const side = (["positive", "negative"] as const).find((polarity) => labelOf(mapping[polarity]) === label);
    if (!side) {
      const message = `${mapping.label}: ${JSON.stringify(label)} is neither ${mapping.positive} nor ${mapping.negative}`;
      problems.push({ file, line, message });
      continue;
    }
    const scenario = read(
      line,
      mapping.prompt,
      cells[mapping.prompt],
      mapping.system && cells[mapping.system],
    );
    if (scenario) sides[side].push(scenario);
  }
  return zip(sides, problems, file);
}

/** Pairs the i-th positive with the i-th negative. */
export function zip(
  { positive, negative }: Record<Polarity, ScenarioContent[]>,
  problems: TraitProblem[],
  file: string,
): ImportPreview {
  const count = Math.max(positive.length, negative.length);
  const pairs = Array.from({ length: count }, (_, at) => ({
    positive: positive[at] ?? null,
    negative: negative[at] ?? null,
  }));
  if (positive.length === negative.length) return { pairs, problems };
  const message = `${positive.length} positives but ${negative.length} negatives: the last have no pair`;
  return { pairs, problems: [...problems, { file, line: null, message }] };
}
