"use client";
import { parseAsString, useQueryState } from "nuqs";
import { DataTable } from "#components/charts/data-table.tsx";
import { ChartFrame } from "#components/charts/frame.tsx";
import { LazyLines } from "#components/charts/lazy-lines.tsx";
import { decimal, signed } from "#components/format.ts";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { SelectField } from "#components/ui/field.tsx";
import { messageOf } from "#lib/client/request.ts";
import { useVectorComparison, useVectorList } from "#lib/client/vector-queries.ts";
import type { EvaluationRow } from "#lib/pipeline/results.ts";
import type { VectorComparison, VectorListing } from "#lib/pipeline/vectors-api.ts";
import type { Metric } from "./metrics.ts";

interface CompareCardProps {
  experiment: string;
  row: EvaluationRow;
  metric: Metric;
}

export const refOf = ({
  experiment,
  trait,
  method,
}: Pick<VectorListing, "experiment" | "trait" | "method">) => `${experiment}/${trait}/${method}`;

/** The chosen method beside another experiment's: the metric over the layers, differences, and how alike they are. */
export function CompareCard({ experiment, row, metric }: CompareCardProps) {
  const [other, setOther] = useQueryState("with", parseAsString);
  const { data: list } = useVectorList();
  const { trait, method } = row;
  const here = refOf({ experiment, trait, method });
  const vectors = (list?.vectors ?? []).filter((one) => refOf(one) !== here);
  const experiments = [...new Set(vectors.map((one) => one.experiment))].sort(
    (a, b) => Number(a === experiment) - Number(b === experiment),
  );
  const chosen = vectors.find((one) => refOf(one) === other);
  const query = chosen ? new URLSearchParams({ trait, method, with: refOf(chosen) }) : null;
  const { data, error } = useVectorComparison(experiment, query);
  const choose = (name: string) => {
    const ofName = vectors.filter((one) => one.experiment === name);
    const alike =
      ofName.find((one) => one.trait === trait && one.method === method) ??
      ofName.find((one) => one.method === method) ??
      ofName[0];
    setOther(alike ? refOf(alike) : null);
  };
  const controls = (
    <div className="mb-3 grid gap-3 sm:max-w-2xl sm:grid-cols-2">
      <SelectField
        label="Experiment"
        value={chosen?.experiment ?? ""}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">choose…</option>
        {experiments.map((name) => (
          <option key={name} value={name}>
            {name === experiment ? `${name} (this one)` : name}
          </option>
        ))}
      </SelectField>
      {chosen && (
        <SelectField label="Vectors" value={refOf(chosen)} onChange={(event) => setOther(event.target.value)}>
          {vectors
            .filter((one) => one.experiment === chosen.experiment)
            .map((one) => (
              <option key={`${refOf(one)} ${one.position} ${one.component}`} value={refOf(one)}>
                {one.trait}, {one.method}
              </option>
            ))}
        </SelectField>
      )}
    </div>
  );
  return (
    <ChartFrame
      title="Compare"
      hint={`${trait}, ${method} of ${experiment} (a) beside the vectors of another experiment, trait or method (b).`}
      fileName={`${experiment}-compared-${metric.id}`}
      table={data ? tableOf(data, metric, String) : { columns: [], rows: [] }}
      controls={controls}
    >
      {!chosen && (
        <p className="text-muted text-sm">
          Choose what to compare with. Files of vectors are compared by{" "}
          <code>tiller vectors compare {here} FILE</code>.
        </p>
      )}
      {error && <ErrorNote message={messageOf(error)} />}
      {chosen && !data && !error && <Skeleton lines={8} />}
      {data && <Compared comparison={data} metric={metric} />}
    </ChartFrame>
  );
}

function Compared({ comparison, metric }: { comparison: VectorComparison; metric: Metric }) {
  const { layers, a, b, why_no_cosines } = comparison;
  const points = (side: "a" | "b") =>
    layers.flatMap((entry) => {
      const row = entry[side];
      const band = row && metric.interval(row);
      return row ? [{ x: entry.layer, y: metric.value(row), ...(band ? { band } : {}) }] : [];
    });
  return (
    <>
      <LazyLines
        label={`${metric.title} over the layers: ${a.name} and ${b.name}`}
        xTitle="layer"
        yTitle={metric.title}
        series={[
          { name: `a: ${a.name}`, colour: "var(--color-accent)", points: points("a") },
          { name: `b: ${b.name}`, colour: "var(--color-negative)", dashed: true, points: points("b") },
        ]}
        {...(metric.domain ? { yDomain: metric.domain } : {})}
        format={metric.format}
      />
      {why_no_cosines && <p className="my-2 text-sm">{why_no_cosines}.</p>}
      <DataTable caption="Compared by layer" table={tableOf(comparison, metric, metric.format)} />
    </>
  );
}

function tableOf({ layers }: VectorComparison, metric: Metric, format: (value: number) => string) {
  const exact = format === String;
  const text = (value: number | null) => (value === null ? null : exact ? value : format(value));
  return {
    columns: ["layer", `${metric.title} a`, `${metric.title} b`, "b − a", "n a", "n b", "cosine"],
    rows: layers.map(({ layer, a, b, cosine }) => {
      const [left, right] = [a && metric.value(a), b && metric.value(b)];
      const difference = left === null || right === null ? null : right - left;
      return [
        layer,
        text(left),
        text(right),
        exact || difference === null ? difference : signed(difference, 3),
        a && a.n_val_pos + a.n_val_neg,
        b && b.n_val_pos + b.n_val_neg,
        exact || cosine === null ? cosine : decimal(cosine, 3).replace("-", "−"),
      ];
    }),
  };
}
