import { DataTable } from "#components/charts/data-table.tsx";
import { whole } from "#components/format.ts";
import { ErrorNote } from "#components/ui/empty.tsx";
import type { Preview } from "#lib/caa/preview.ts";

/** The first rows of a dataset as situations, and why a row is none. */
export function PreviewTable({ preview }: { preview: Preview }) {
  const { dataset, rows, problem, examples } = preview;
  return (
    <div className="space-y-2">
      <p role="status" className="text-sm">
        {dataset}: {rows === null ? "rows not counted" : `${whole(rows)} rows`}, the first {examples.length}{" "}
        are shown
      </p>
      {problem !== null && <ErrorNote message={problem} />}
      <DataTable
        caption="First rows"
        table={{
          columns: ["Row", "Character", "Situation", "Question", "Left out"],
          rows: examples.map(({ row, scenario, rejection, cells }) => [
            row,
            scenario?.name ?? "–",
            scenario?.situation ?? Object.values(cells).join(" · ").slice(0, 300),
            scenario === null ? "–" : (scenario.question ?? "the usual one"),
            rejection ? `${rejection.reason}: ${rejection.details}` : "",
          ]),
        }}
      />
    </div>
  );
}
