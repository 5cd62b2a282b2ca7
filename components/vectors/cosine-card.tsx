"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { ChartFrame } from "#components/charts/frame.tsx";
import { Heatmap, type HeatmapCell } from "#components/charts/heatmap.tsx";
import { signed } from "#components/format.ts";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { SelectField } from "#components/ui/field.tsx";
import { messageOf } from "#lib/client/request.ts";
import { useVectorCosines } from "#lib/client/vector-queries.ts";
import type { EvaluationRow } from "#lib/pipeline/results.ts";
import { type CosineAxis, cosineAxes, type VectorCosines } from "#lib/pipeline/vectors-api.ts";

/** What stays the same along an axis, in words. */
const axes: Record<CosineAxis, { one: string; fixed(row: EvaluationRow): string }> = {
  methods: { one: "method", fixed: ({ trait, layer }) => `${trait}, layer ${layer}` },
  layers: { one: "layer", fixed: ({ trait, method }) => `${trait}, ${method}` },
  traits: { one: "trait", fixed: ({ method, layer }) => `${method}, layer ${layer}` },
};

/** How alike the chosen vector's neighbours are, along one axis. */
export function CosineCard({ experiment, row }: { experiment: string; row: EvaluationRow }) {
  const [across, setAcross] = useQueryState(
    "across",
    parseAsStringLiteral(cosineAxes).withDefault("methods"),
  );
  const { trait, method, layer, position, component } = row;
  const query = new URLSearchParams({ across, trait, method, layer: String(layer), position, component });
  const { data, error } = useVectorCosines(experiment, query);
  const select = (
    <SelectField
      className="mb-3 sm:max-w-xs"
      label="Cosines across"
      value={across}
      onChange={(event) => setAcross(cosineAxes.find((axis) => axis === event.target.value) ?? null)}
    >
      {cosineAxes.map((axis) => (
        <option key={axis}>{axis}</option>
      ))}
    </SelectField>
  );
  const title = `Cosines across ${across}`;
  return (
    <ChartFrame
      title={title}
      hint={`${axes[across].fixed(row)}. 1 is the same direction, −1 the opposite one.${data ? ` Two random directions of ${data.hidden} dimensions: 0 ± ${(1 / Math.sqrt(data.hidden)).toFixed(2)}.` : ""}`}
      fileName={`${experiment}-cosines-${across}`}
      table={data ? tableOf(data) : { columns: [], rows: [] }}
      controls={select}
    >
      {error && <ErrorNote message={messageOf(error)} />}
      {!data && !error && <Skeleton lines={6} />}
      {data && (
        <Heatmap
          label={title}
          rowTitle={axes[across].one}
          columnTitle={axes[across].one}
          rows={data.labels}
          columns={data.labels}
          cells={cellsOf(data, axes[across].one)}
          scale={{ kind: "diverging", reach: 1 }}
        />
      )}
    </ChartFrame>
  );
}

function cellsOf({ labels, cosines }: VectorCosines, one: string): HeatmapCell[][] {
  return cosines.map((values, a) =>
    values.map((value, b) => {
      const pair = `${one} ${labels[a]} and ${labels[b]}`;
      if (value === null) return { value, text: "", description: `${pair}: no cosine, a vector is zero` };
      const text = signed(value, 2);
      return { value, text, description: `${pair}: cosine ${text} (${signed(value, 4)})` };
    }),
  );
}

function tableOf({ labels, cosines, across }: VectorCosines) {
  const { one } = axes[across];
  return {
    columns: [`${one} a`, `${one} b`, "cosine"],
    rows: cosines.flatMap((values, a) => values.map((value, b) => [labels[a] ?? "", labels[b] ?? "", value])),
  };
}
