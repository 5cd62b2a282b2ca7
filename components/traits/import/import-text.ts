import { whole } from "#components/format.ts";
import type { PlannedPair } from "#lib/traits/import/plan.ts";
import type { ImportSource } from "#lib/traits/import/source.ts";
import type { ImportOptions, ImportOutcome } from "./outcome.ts";
import type { ImportTarget } from "./target.ts";

/** `pairs.csv: CSV, 3 columns, 120 rows` */
export function sourceText(source: ImportSource): string {
  switch (source.kind) {
    case "table": {
      const { columns, rows } = source.table;
      return `${source.file}: ${source.format}, ${counted(columns.length, "column")}, ${counted(rows.length, "row")}`;
    }
    case "lines":
      return `${source.files.map(({ file }) => file).join(" and ")}: text, a scenario a line`;
    case "trait":
      return source.from === "." ? "Files of a trait" : `${source.from}: ${source.format}`;
  }
}

export function counted(count: number, what: string): string {
  return `${whole(count)} ${what}${count === 1 ? "" : "s"}`;
}

/** What the button does: `Add 112 pairs`. */
export function confirmText(
  { count, what, before, fields }: ImportOutcome,
  mode: ImportOptions["mode"],
  target: ImportTarget["kind"],
): string {
  if (target === "new") return `Make a trait of ${counted(count, what)}`;
  if (count === 0 && fields) return "Take the definition and questions";
  if (mode === "append" || before === 0) return `Add ${counted(count, what)}`;
  return what === "pair"
    ? `Replace ${counted(before, what)} by ${whole(count)}`
    : `Replace the ${what}s by ${whole(count)}`;
}

/** What is taken, what is not, and what undo can do. */
export function summaryText(
  plan: readonly PlannedPair[],
  { count, layout, fields, what }: ImportOutcome,
  target: ImportTarget["kind"],
): string {
  const left = plan.length - count;
  const parts = [
    left === 0
      ? `All ${counted(count, what)} are taken.`
      : `${whole(count)} of ${counted(plan.length, what)} are taken.`,
  ];
  if (target === "trait" && layout !== null) {
    const why =
      layout === "jsonl"
        ? "System prompts and line breaks need JSON Lines: the trait's .txt files become .jsonl ones."
        : "The trait's .jsonl files become .txt ones.";
    parts.push(`${why} This is saved at once; undo does not go back over it, the history does.`);
  } else if (target === "trait" && fields) {
    parts.push("Undo takes back the pairs; the history has the rest.");
  }
  return parts.join(" ");
}
