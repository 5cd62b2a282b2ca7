"use client";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { ChartFrame } from "#components/charts/frame.tsx";
import { Heatmap } from "#components/charts/heatmap.tsx";
import { LazyLines } from "#components/charts/lazy-lines.tsx";
import { NoResults } from "#components/shell/no-results.tsx";
import { Button } from "#components/ui/button.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { SelectField } from "#components/ui/field.tsx";
import { messageOf } from "#lib/client/request.ts";
import { useEvaluation } from "#lib/client/result-queries.ts";
import { AppError } from "#lib/core/errors.ts";
import type { EvaluationFile, EvaluationRow } from "#lib/pipeline/results.ts";
import { Cell } from "./cell.tsx";
import { bestRow, colourOf, layersOf, type Metric, methodsOf, metrics } from "./metrics.ts";

const metricIds = metrics.map(({ id }) => id);

/** Which layer and which method separate the two sides on rows they were not fitted on. */
export function VectorsView({ experiment }: { experiment: string }) {
  const { data, error, isPending, refetch } = useEvaluation(experiment);
  if (isPending) return <Skeleton lines={8} />;
  if (error) {
    if (AppError.from(error).code === "not-found") return <NoVectors experiment={experiment} />;
    return (
      <ErrorNote message={messageOf(error)} action={<Button onClick={() => refetch()}>Try again</Button>} />
    );
  }
  if (data.all_results.length === 0) return <NoVectors experiment={experiment} />;
  return <Vectors experiment={experiment} file={data} />;
}

function NoVectors({ experiment }: { experiment: string }) {
  return (
    <NoResults experiment={experiment} title="No vectors yet">
      Run the stages up to Evaluate: then this page shows every layer and method on held-out rows.
    </NoResults>
  );
}

function Vectors({ experiment, file }: { experiment: string; file: EvaluationFile }) {
  const traits = [...new Set(file.all_results.map(({ trait }) => trait))];
  const [view, setView] = useQueryStates({
    trait: parseAsString.withDefault(traits[0] ?? ""),
    metric: parseAsStringLiteral(metricIds).withDefault("auroc"),
    method: parseAsString,
    layer: parseAsInteger,
  });
  const metric = metrics.find(({ id }) => id === view.metric) ?? metrics[0];
  const rows = file.all_results.filter(({ trait }) => trait === view.trait);
  const best = bestRow(rows);
  if (!metric) return null;
  const selected =
    rows.find(({ method, layer }) => method === view.method && layer === view.layer) ?? best ?? rows[0];

  return (
    <div className="space-y-4">
      <div className="grid gap-3 sm:max-w-xl sm:grid-cols-2">
        <SelectField
          label="Trait"
          value={view.trait}
          onChange={(event) => setView({ trait: event.target.value, method: null, layer: null })}
        >
          {traits.map((trait) => (
            <option key={trait}>{trait}</option>
          ))}
        </SelectField>
        <SelectField
          label="Metric"
          hint={metric.hint}
          value={metric.id}
          onChange={(event) => setView({ metric: metricIds.find((id) => id === event.target.value) ?? null })}
        >
          {metrics.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </SelectField>
      </div>
      {rows.length === 0 ? (
        <ErrorNote message={`No results for ${view.trait}: choose another trait.`} />
      ) : (
        <>
          <LayerMethodHeatmap
            rows={rows}
            metric={metric}
            best={best}
            selected={selected}
            fileName={`${experiment}-${view.trait.replace("/", "-")}-${metric.id}`}
            onSelect={(method, layer) => setView({ method, layer })}
          />
          <MetricLines rows={rows} metric={metric} fileName={`${experiment}-${metric.id}-by-layer`} />
          {selected && (
            <Cell
              {...{ experiment, rows, file, best, metric }}
              row={selected}
              onMade={(method) => setView({ method, layer: selected.layer })}
            />
          )}
        </>
      )}
    </div>
  );
}

function tableOf(rows: readonly EvaluationRow[], metric: Metric) {
  return {
    columns: ["method", "layer", metric.title, "95 % CI low", "95 % CI high", "n positive", "n negative"],
    rows: rows.map((row) => [
      row.method,
      row.layer,
      metric.value(row),
      metric.interval(row)?.[0] ?? null,
      metric.interval(row)?.[1] ?? null,
      row.n_val_pos,
      row.n_val_neg,
    ]),
  };
}

interface HeatmapOfProps {
  rows: EvaluationRow[];
  metric: Metric;
  best: EvaluationRow | null;
  selected: EvaluationRow | undefined;
  fileName: string;
  onSelect(method: string, layer: number): void;
}

function LayerMethodHeatmap({ rows, metric, best, selected, fileName, onSelect }: HeatmapOfProps) {
  const methods = methodsOf(rows);
  const layers = layersOf(rows);
  const values = rows.flatMap((row) => metric.value(row) ?? []);
  const place = (row: EvaluationRow | null | undefined) =>
    row ? { row: methods.indexOf(row.method), column: layers.indexOf(row.layer) } : undefined;
  const cells = methods.map((method) =>
    layers.map((layer) => {
      const row = rows.find((candidate) => candidate.method === method && candidate.layer === layer);
      const value = row ? metric.value(row) : null;
      if (!row || value === null) {
        return { value: null, text: "", description: `${method}, layer ${layer}: no data` };
      }
      const ci = metric.interval(row);
      const text = metric.format(value);
      const range = ci ? `, 95 % CI ${metric.format(ci[0])} to ${metric.format(ci[1])}` : "";
      const n = `n = ${row.n_val_pos} + ${row.n_val_neg}`;
      return { value, text, description: `${method}, layer ${layer}: ${metric.title} ${text}${range}, ${n}` };
    }),
  );
  return (
    <ChartFrame
      title={`${metric.title} by layer and method`}
      hint="Held-out rows only. ★ is the best by combined score; choose a cell for its details."
      fileName={fileName}
      table={tableOf(rows, metric)}
    >
      <Heatmap
        label={`${metric.title} by layer and method`}
        rowTitle="method"
        columnTitle="layer (residual stream after block N)"
        rows={methods}
        columns={layers.map(String)}
        cells={cells}
        scale={metric.scale(Math.max(...values, 0))}
        best={place(best)}
        selected={place(selected)}
        onSelect={(row, column) => onSelect(methods[row] ?? "", layers[column] ?? 0)}
      />
    </ChartFrame>
  );
}

function MetricLines({
  rows,
  metric,
  fileName,
}: {
  rows: EvaluationRow[];
  metric: Metric;
  fileName: string;
}) {
  const series = methodsOf(rows).map((method) => ({
    name: method,
    colour: colourOf(method),
    dashed: method === "random",
    points: rows
      .filter((row) => row.method === method)
      .map((row) => {
        const band = metric.interval(row);
        return { x: row.layer, y: metric.value(row), ...(band ? { band } : {}) };
      }),
  }));
  return (
    <ChartFrame
      title={`${metric.title} over the layers`}
      hint="Strips are 95 % confidence intervals; the dashed random direction is the floor."
      fileName={fileName}
      table={tableOf(rows, metric)}
    >
      <LazyLines
        label={`${metric.title} over the layers, one line per method`}
        xTitle="layer"
        yTitle={metric.title}
        series={series}
        {...(metric.domain ? { yDomain: metric.domain } : {})}
        format={metric.format}
      />
    </ChartFrame>
  );
}
