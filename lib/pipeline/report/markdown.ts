import { flagTable, type ReportDocument, type ReportTable, warningLines } from "./document.ts";

/** report.md */
export function reportMarkdown({
  experiment,
  intro,
  summary,
  verdict,
  traits,
  cost,
}: ReportDocument): string {
  const parts = [
    `# Experiment ${experiment}`,
    ...intro,
    "## Results",
    table(summary),
    verdict,
    ...traits.map(traitSection),
    "## Time and cost",
    cost.table ? `${cost.note}\n\n${table(cost.table)}` : cost.note,
  ];
  return `${parts.join("\n\n")}\n`;
}

function traitSection({ trait, figures, flags }: ReportDocument["traits"][number]): string {
  const list = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join("\n");
  const warnings = warningLines(flags);
  return [
    `## ${trait}`,
    ...(figures.length > 0 ? [list(figures)] : []),
    ...(flags.length > 0 ? [table(flagTable(flags, "**missed**"))] : []),
    ...(warnings.length > 0 ? [`Warnings:\n\n${list(warnings)}`] : []),
  ].join("\n\n");
}

function table({ columns, rows }: ReportTable): string {
  const line = (cells: ReportTable["rows"][number]) =>
    `| ${cells.map((cell) => String(cell ?? "–").replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}
