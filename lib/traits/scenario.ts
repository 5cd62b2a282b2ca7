import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import type { Polarity } from "#lib/core/names.ts";
import { decodeText, splitLines } from "./lines.ts";

/** One contrasting prompt of one polarity. */
export interface Scenario {
  /** 0-based place among the file's scenarios: the scenario of the other polarity at the same place is its pair. */
  index: number;
  /** 1-based line in its file, blank lines counted: what an error names. */
  line: number;
  prompt: string;
  system_prompt?: string;
  /** The response to be read, where it is given: nothing is generated and nothing is vetted then. */
  answer?: string;
}

/** What a scenario says, apart from its place. */
export type ScenarioContent = Pick<Scenario, "prompt" | "system_prompt" | "answer">;

/** A scenario as a judge reads it: its system prompt, if any, before it. What its vetting results are found by. */
export function scenarioText({ prompt, system_prompt }: Pick<Scenario, "prompt" | "system_prompt">): string {
  return system_prompt ? `${system_prompt}\n\n${prompt}` : prompt;
}

/** Lines above this many UTF-8 bytes are refused: they are pasted documents, not scenarios. */
export const maxScenarioBytes = 8192;

/** `lines`: `positive.txt`; `jsonl`: `positive.jsonl`, whose scenarios may carry a system prompt and an answer. */
export type ScenarioLayout = "lines" | "jsonl";

/** `positive.txt`, `negative.jsonl` … */
export function scenarioFileName(polarity: Polarity, layout: ScenarioLayout): string {
  return `${polarity}.${layout === "lines" ? "txt" : "jsonl"}`;
}

/** What is wrong with a trait's file, and where: one of them never hides the next. */
export interface TraitProblem {
  file: string;
  /** 1-based; null where the whole file is meant. */
  line: number | null;
  message: string;
}

/** A file's scenarios, and what is wrong with it. A line that cannot be read keeps its place: its `index` is missing. */
export interface ScenarioReading {
  scenarios: Scenario[];
  /** Places, unreadable ones counted. */
  count: number;
  problems: TraitProblem[];
}

/** Reads the text of `positive.txt` or `positive.jsonl`, every problem told. */
export function readScenarios(text: string, layout: ScenarioLayout, file: string): ScenarioReading {
  const scenarios: Scenario[] = [];
  const problems: TraitProblem[] = [];
  let index = 0;
  for (const { line, text: written } of splitLines(text)) {
    if (written.trim() === "") continue;
    const record = layout === "lines" ? { prompt: written } : readRecord(written);
    const problem = typeof record === "string" ? record : lengthProblem(record.prompt);
    if (problem !== null) problems.push({ file, line, message: problem });
    if (typeof record !== "string") scenarios.push({ index, line, ...record });
    index++;
  }
  if (index === 0) {
    const what = layout === "lines" ? "scenario" : '{"prompt": "…"}';
    const message = `there is no scenario in it: write one ${what} per line`;
    problems.push({ file, line: null, message });
  }
  return { scenarios, count: index, problems };
}

/** As an error's line: `positive.txt:3: …`. */
export function formatProblem({ file, line, message }: TraitProblem): string {
  return `${file}${line === null ? "" : `:${line}`}: ${message}`;
}

/**
 * Reads `positive.txt` or `negative.txt`: one scenario per line, exactly as written but for BOM and CRLF; blank lines are ignored.
 * @param file what an error names
 * Throws `invalid-file` for an empty file, a line over 8 kB, or bytes that are not UTF-8, with `file:line`.
 */
export function parseScenarioLines(data: Uint8Array | string, file: string): Scenario[] {
  return parseScenarios(data, "lines", file);
}

/**
 * Reads `positive.jsonl` or `negative.jsonl`: `{"prompt", "system_prompt"?, "answer"?}` per line.
 * Throws `invalid-file` with `file:line`, as `parseScenarioLines` does and for malformed JSON or a missing prompt.
 */
export function parseScenarioJsonl(data: Uint8Array | string, file: string): Scenario[] {
  return parseScenarios(data, "jsonl", file);
}

function parseScenarios(data: Uint8Array | string, layout: ScenarioLayout, file: string): Scenario[] {
  const { scenarios, problems } = readScenarios(decodeText(data, file), layout, file);
  if (problems[0]) throw new AppError("invalid-file", formatProblem(problems[0]));
  return scenarios;
}

const recordSchema = z.looseObject({
  prompt: z.string().refine((prompt) => prompt.trim() !== "", { message: "is blank" }),
  system_prompt: z.string().optional(),
  answer: z
    .string()
    .refine((answer) => answer.trim() !== "", { message: "is blank" })
    .optional(),
});

/** A line's record, or why it is none. */
function readRecord(text: string): ScenarioContent | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const problem = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, " ");
    return `malformed JSON: ${problem}`;
  }
  const record = recordSchema.safeParse(value);
  if (!record.success) {
    const issue = record.error.issues[0];
    const field = issue?.path.join(".") || "the line";
    return `${field}: ${issue?.message ?? "wrong"}; write {"prompt": "…"} with an optional "system_prompt" and "answer"`;
  }
  return contentOf(record.data);
}

/** As it is written: members that say nothing are left out. */
function contentOf({
  prompt,
  system_prompt,
  answer,
}: {
  prompt: string;
  system_prompt?: string | undefined;
  answer?: string | undefined;
}): ScenarioContent {
  return {
    prompt,
    ...(system_prompt ? { system_prompt } : {}),
    ...(answer === undefined ? {} : { answer }),
  };
}

const encoder = new TextEncoder();

/** Why a prompt cannot be a scenario; null when it can. */
export function lengthProblem(text: string): string | null {
  // A UTF-16 unit takes three bytes at most.
  if (text.length * 3 <= maxScenarioBytes) return null;
  const bytes = encoder.encode(text).byteLength;
  if (bytes <= maxScenarioBytes) return null;
  return `${bytes} bytes are too long for a scenario (at most ${maxScenarioBytes}): shorten or split the line`;
}

/** The text `parseScenarioLines` or `parseScenarioJsonl` reads, with LF. Throws `invalid-input` where a line cannot hold it. */
export function formatScenarios(scenarios: readonly ScenarioContent[], layout: ScenarioLayout): string {
  return scenarios.map((scenario, index) => `${formatScenario(scenario, index, layout)}\n`).join("");
}

function formatScenario(scenario: ScenarioContent, index: number, layout: ScenarioLayout): string {
  if (layout === "jsonl") return JSON.stringify(contentOf(scenario));
  const { prompt, system_prompt, answer } = scenario;
  const problem =
    prompt.trim() === ""
      ? "is blank"
      : /[\r\n]/.test(prompt)
        ? "has a line break"
        : system_prompt
          ? "has a system prompt"
          : answer !== undefined
            ? "has an answer of its own"
            : null;
  if (problem === null) return prompt;
  throw new AppError(
    "invalid-input",
    `scenario ${index + 1} ${problem}: a .txt line cannot hold it, use .jsonl`,
  );
}
