import Papa from "papaparse";
import { AppError } from "#lib/core/errors.ts";
import { readTrait, type TraitTexts } from "../document.ts";
import { formatProblem, formatScenarios, type Scenario } from "../scenario.ts";
import type { ExportFormat } from "./formats.ts";

/**
 * A trait's pairs as files of a common format; an import reads them back as they were.
 * Throws `invalid-file` where lines cannot be read or form no pairs, `invalid-input` where txt cannot hold them.
 */
export function exportTrait(
  texts: TraitTexts,
  format: ExportFormat,
  name: string,
): { name: string; content: string }[] {
  const { pairs, problems } = readTrait(texts);
  const problem = problems.find(({ file }) => /^(positive|negative)/.test(file));
  if (problem) throw new AppError("invalid-file", formatProblem(problem));
  const rows = pairs.flatMap(({ positive, negative }) =>
    positive && negative ? [{ positive, negative }] : [],
  );
  if (format === "txt") {
    return [
      {
        name: "positive.txt",
        content: formatScenarios(
          rows.map(({ positive }) => positive),
          "lines",
        ),
      },
      {
        name: "negative.txt",
        content: formatScenarios(
          rows.map(({ negative }) => negative),
          "lines",
        ),
      },
    ];
  }
  const records = rows.map(({ positive, negative }) => ({
    positive: positive.prompt,
    negative: negative.prompt,
    ...besidesOf("positive", positive),
    ...besidesOf("negative", negative),
  }));
  if (format === "jsonl") {
    return [
      { name: `${name}.jsonl`, content: records.map((record) => `${JSON.stringify(record)}\n`).join("") },
    ];
  }
  const columns = ["", "_system_prompt", "_answer"]
    .flatMap((end) => [`positive${end}`, `negative${end}`])
    .filter((column) => records.some((record) => column in record));
  return [{ name: `${name}.csv`, content: `${Papa.unparse(records, { columns, newline: "\n" })}\n` }];
}

/** The columns beside a side's prompt. */
function besidesOf(side: string, { system_prompt, answer }: Scenario): Record<string, string> {
  return {
    ...(system_prompt === undefined ? {} : { [`${side}_system_prompt`]: system_prompt }),
    ...(answer === undefined ? {} : { [`${side}_answer`]: answer }),
  };
}
