/** What a chart shows, as rows and columns: its table view, its CSV and the text of its tests. */
export interface ChartTable {
  columns: string[];
  rows: (string | number | null)[][];
}

/** RFC 4180 CSV with a header line; null is an empty field. */
export function toCsv({ columns, rows }: ChartTable): string {
  const field = (value: string | number | null) => {
    const text = value === null ? "" : String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => `${row.map(field).join(",")}\n`).join("");
}
