import type { ReportTable } from "#lib/pipeline/report/document.ts";

/** One of a report's tables. */
export function ReportTableView({ caption, table }: { caption: string; table: ReportTable }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="overflow-x-auto" tabIndex={0} aria-label={`${caption}, scrollable`}>
      <table className="w-full min-w-[560px] text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col" className="border-b p-1 text-left align-bottom font-medium">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.join("|")}>
              {row.map((value, at) => (
                <td key={table.columns[at]} className="border-b p-1 align-top">
                  {value ?? "–"}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
