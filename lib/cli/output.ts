import type { AppError, ErrorCode } from "#lib/core/errors.ts";

export const exitCodes = { ok: 0, failed: 1, usage: 2, failedItems: 3, interrupted: 130 } as const;

const CODES: Partial<Record<ErrorCode, number>> = { usage: exitCodes.usage, aborted: exitCodes.interrupted };

/** The exit code of what a command failed with (contract.md). */
export function exitCodeOf(error: AppError): number {
  return CODES[error.code] ?? exitCodes.failed;
}

/** Results go to stdout. */
export function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Everything that is not a result goes to stderr, one line each. */
export function tell(line: string): void {
  process.stderr.write(`${oneLine(line)}\n`);
}

export function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").trim();
}

/** Columns padded to the widest cell; numbers to the right. */
export function table(head: string[], rows: (string | number | null)[][]): string {
  const cells = [head, ...rows.map((row) => row.map((cell) => (cell === null ? "–" : String(cell))))];
  const widths = head.map((_, at) => Math.max(...cells.map((row) => (row[at] ?? "").length)));
  const right = head.map((_, at) => rows.some((row) => typeof row[at] === "number"));
  return cells
    .map((row) =>
      row
        .map((cell, at) => (right[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** 12.3 s, 4 min 5 s, 1 h 20 min */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export function percent(share: number | null | undefined): string | null {
  return share === null || share === undefined ? null : `${Math.round(share * 100)} %`;
}
