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
}

/** Lines above this many UTF-8 bytes are refused: they are pasted documents, not scenarios. */
export const maxScenarioBytes = 8192;

/** `lines`: `positive.txt`; `jsonl`: `positive.jsonl`, whose scenarios may carry a system prompt. */
export type ScenarioLayout = "lines" | "jsonl";

/** `positive.txt`, `negative.jsonl` … */
export function scenarioFileName(polarity: Polarity, layout: ScenarioLayout): string {
  return `${polarity}.${layout === "lines" ? "txt" : "jsonl"}`;
}

/**
 * Reads `positive.txt` or `negative.txt`: one scenario per line, exactly as written but for BOM and CRLF; blank lines are ignored.
 * @param file what an error names
 * Throws `invalid-file` for an empty file, a line over 8 kB, or bytes that are not UTF-8, with `file:line`.
 */
export function parseScenarioLines(data: Uint8Array | string, file: string): Scenario[] {
  const scenarios = splitLines(decodeText(data, file))
    .filter(({ text }) => text.trim() !== "")
    .map(({ line, text }, index) => ({ index, line, prompt: checkLength(text, file, line) }));
  return notEmpty(scenarios, file, "write one scenario per line");
}

const recordSchema = z.looseObject({
  prompt: z.string().refine((prompt) => prompt.trim() !== "", { message: "is blank" }),
  system_prompt: z.string().optional(),
});

/**
 * Reads `positive.jsonl` or `negative.jsonl`: `{"prompt", "system_prompt"?}` per line.
 * Throws `invalid-file` with `file:line`, as `parseScenarioLines` does and for malformed JSON or a missing prompt.
 */
export function parseScenarioJsonl(data: Uint8Array | string, file: string): Scenario[] {
  const scenarios = splitLines(decodeText(data, file))
    .filter(({ text }) => text.trim() !== "")
    .map(({ line, text }, index) => {
      const record = recordSchema.safeParse(parseLine(text, file, line));
      if (!record.success) {
        const issue = record.error.issues[0];
        const field = issue?.path.join(".") || "the line";
        throw new AppError(
          "invalid-file",
          `${file}:${line}: ${field}: ${issue?.message ?? "wrong"}; write {"prompt": "…"} with an optional "system_prompt"`,
        );
      }
      const { prompt, system_prompt } = record.data;
      checkLength(prompt, file, line);
      return { index, line, prompt, ...(system_prompt ? { system_prompt } : {}) };
    });
  return notEmpty(scenarios, file, 'write one {"prompt": "…"} per line');
}

function parseLine(text: string, file: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const problem = (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, " ");
    throw new AppError("invalid-file", `${file}:${line}: malformed JSON: ${problem}`, { cause });
  }
}

function checkLength(text: string, file: string, line: number): string {
  const bytes = new TextEncoder().encode(text).byteLength;
  if (bytes <= maxScenarioBytes) return text;
  throw new AppError(
    "invalid-file",
    `${file}:${line}: ${bytes} bytes are too long for a scenario (at most ${maxScenarioBytes}): shorten or split the line`,
  );
}

function notEmpty(scenarios: Scenario[], file: string, advice: string): Scenario[] {
  if (scenarios.length > 0) return scenarios;
  throw new AppError("invalid-file", `${file}: there is no scenario in it: ${advice}`);
}

/** The text `parseScenarioLines` or `parseScenarioJsonl` reads, with LF. Throws `invalid-input` where a line cannot hold it. */
export function formatScenarios(
  scenarios: readonly Pick<Scenario, "prompt" | "system_prompt">[],
  layout: ScenarioLayout,
): string {
  return scenarios.map((scenario, index) => `${formatScenario(scenario, index, layout)}\n`).join("");
}

function formatScenario(
  { prompt, system_prompt }: Pick<Scenario, "prompt" | "system_prompt">,
  index: number,
  layout: ScenarioLayout,
): string {
  if (layout === "jsonl") return JSON.stringify({ prompt, ...(system_prompt ? { system_prompt } : {}) });
  const problem =
    prompt.trim() === ""
      ? "is blank"
      : /[\r\n]/.test(prompt)
        ? "has a line break"
        : system_prompt
          ? "has a system prompt"
          : null;
  if (problem === null) return prompt;
  throw new AppError(
    "invalid-input",
    `scenario ${index + 1} ${problem}: a .txt line cannot hold it, use .jsonl`,
  );
}
