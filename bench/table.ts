import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import path from "node:path";

export interface BenchTable {
  title: string;
  columns: string[];
  rows: (string | number)[][];
  /** What a reader must know to trust the figures: sizes, what was compared, how often. */
  notes: string[];
}

/** What the figures were taken on: processor, cores, memory. Never the machine's name. */
export function machineClass(): string {
  const model = cpus()[0]?.model.trim() || "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${availableParallelism()} cores, ${memory} GB memory, Node ${process.versions.node}, ${process.platform}-${process.arch}`;
}

/** Prints a benchmark's table and writes it to bench/results/NAME.md, with the date, the machine's class and the command. */
export function writeTable(name: string, { title, columns, rows, notes }: BenchTable): void {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  const text = [
    `# ${title}`,
    "",
    line(columns),
    line(columns.map(() => "---")),
    ...rows.map(line),
    "",
    ...notes.map((note) => `- ${note}`),
    `- ${new Date().toISOString().slice(0, 10)}; ${machineClass()}; load average ${(loadavg()[0] ?? 0).toFixed(1)}, this benchmark's own included`,
    `- \`npm run bench -- ${name}\``,
    "",
  ].join("\n");
  const folder = path.join(import.meta.dirname, "results");
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${name}.md`), text);
  console.log(text);
}
