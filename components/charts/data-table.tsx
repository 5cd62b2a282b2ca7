import type { ChartTable } from "./table.ts";

interface DataTableProps {
  caption: string;
  table: ChartTable;
  /** Every row at once, as a page that is printed needs it. */
  whole?: boolean;
}

/** A chart's numbers, or any others, to read and to scroll by keyboard. */
export function DataTable({ caption, table, whole = false }: DataTableProps) {
  return (
    <section
      className={whole ? "overflow-x-auto" : "max-h-96 overflow-auto"}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label={`${caption}, table`}
    >
      <table className={whole ? "w-full min-w-[560px] text-sm" : "w-full text-sm"}>
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
              {row.map((value, column) => (
                <td key={table.columns[column]} className="border-b p-1 align-top">
                  {value ?? (whole ? "–" : "no data")}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
