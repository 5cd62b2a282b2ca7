"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { binsOf } from "#components/charts/bins.ts";
import { ChartFrame } from "#components/charts/frame.tsx";
import { LazyScatter } from "#components/charts/lazy-scatter.tsx";
import { TwoSidedHistogram } from "#components/charts/two-sided-histogram.tsx";
import { fitting, percent } from "#components/format.ts";
import { Card } from "#components/ui/card.tsx";
import { SelectField } from "#components/ui/field.tsx";
import type { VectorDetail } from "#lib/pipeline/vectors-api.ts";

const BINS = 20;
const shownRows = ["all", "val", "train"] as const;
const rowNames = { all: "training and held-out rows", val: "held-out rows", train: "training rows" } as const;
const splitNames = { val: "held-out", train: "training" } as const;

type Row = VectorDetail["rows"][number];

/** Where the rows of both sides lie on one vector, and in the plane where they vary most. */
export function CellCharts({ detail, fileName }: { detail: VectorDetail; fileName: string }) {
  const [shown, setShown] = useQueryState("rows", parseAsStringLiteral(shownRows).withDefault("all"));
  const rows = detail.rows.filter(({ split }) => shown === "all" || split === shown);
  const of = (label: 0 | 1) => rows.filter((row) => row.label === label);
  const sides = { positive: of(1), negative: of(0) };
  const n = `n = ${sides.positive.length} positive + ${sides.negative.length} negative`;
  return (
    <>
      <Card>
        <SelectField
          className="sm:max-w-xs"
          label="Rows in both charts"
          hint={n}
          value={shown}
          onChange={(event) => setShown(shownRows.find((name) => name === event.target.value) ?? null)}
        >
          {shownRows.map((name) => (
            <option key={name} value={name}>
              {rowNames[name]}
            </option>
          ))}
        </SelectField>
      </Card>
      {rows.length > 0 && (
        <div className="grid gap-4 xl:grid-cols-2">
          <Projections {...{ detail, sides, n }} fileName={`${fileName}-projections`} />
          <Plane {...{ detail, rows, n }} fileName={`${fileName}-pca`} />
        </div>
      )}
    </>
  );
}

interface ProjectionsProps {
  detail: VectorDetail;
  sides: { positive: Row[]; negative: Row[] };
  n: string;
  fileName: string;
}

function Projections({ detail, sides, n, fileName }: ProjectionsProps) {
  const { threshold, unitRows } = detail;
  // Every row and the threshold: the axis stays when other rows are chosen.
  const values = [...detail.rows.map(({ score }) => score), threshold];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const end = high > low ? high : low + 1;
  const format = fitting(end - low);
  const bins = (side: Row[]) =>
    binsOf(
      side.map(({ score }) => score),
      low,
      end,
      BINS,
    );
  const up = bins(sides.positive);
  const down = bins(sides.negative);
  const rule = unitRows ? "the probe's own" : "midpoint of the training means";
  const cut = { at: threshold, name: `threshold ${format(threshold)}` };
  return (
    <ChartFrame
      title="Projections on the vector"
      hint={`Right of the threshold (${rule}) a row counts as positive. ${n}.`}
      fileName={fileName}
      table={{
        columns: ["from", "to", "positive", "negative"],
        rows: up.map(({ from, to, count }, at) => [from, to, count, down[at]?.count ?? 0]),
      }}
    >
      <TwoSidedHistogram
        label={`Projections of ${sides.positive.length} positive and ${sides.negative.length} negative rows; threshold ${format(threshold)}`}
        xTitle={unitRows ? "projection of the unit row, (a·v)/‖a‖" : "projection a·v"}
        unit="rows"
        format={format}
        up={{ name: "+ positive", colour: "var(--color-positive)", bins: up, mark: cut }}
        down={{ name: "− negative", colour: "var(--color-negative)", bins: down, mark: cut }}
      />
    </ChartFrame>
  );
}

const groupsOf = [
  { label: 1, split: "train", glyph: "+", name: "positive, training" },
  { label: 1, split: "val", glyph: "⊕", name: "positive, held-out" },
  { label: 0, split: "train", glyph: "−", name: "negative, training" },
  { label: 0, split: "val", glyph: "⊖", name: "negative, held-out" },
] as const;

function Plane({
  detail,
  rows,
  n,
  fileName,
}: {
  detail: VectorDetail;
  rows: Row[];
  n: string;
  fileName: string;
}) {
  const [first, second] = detail.pcaShares;
  const groups = groupsOf.flatMap(({ label, split, glyph, name }) => {
    const points = rows
      .filter((row) => row.label === label && row.split === split)
      .map((row) => ({
        x: row.pca[0],
        y: row.pca[1],
        description: `scenario ${row.index + 1}, ${name}: ${row.pca.map((value) => value.toPrecision(4)).join(", ")}`,
      }));
    const colour = label === 1 ? "var(--color-positive)" : "var(--color-negative)";
    return points.length > 0 ? [{ name, glyph, colour, points }] : [];
  });
  const reach = Math.max(...rows.flatMap(({ pca }) => pca.map(Math.abs)), 0);
  return (
    <ChartFrame
      title={`Activations at layer ${detail.layer}`}
      hint={`First two principal components of all rows, held-out rows ringed. ${n}.`}
      fileName={fileName}
      table={{
        columns: ["scenario", "side", "rows", "projection", "component 1", "component 2"],
        rows: rows.map((row) => [
          row.index + 1,
          row.label === 1 ? "positive" : "negative",
          splitNames[row.split],
          row.score,
          ...row.pca,
        ]),
      }}
    >
      <LazyScatter
        label={`Activations of ${rows.length} rows at layer ${detail.layer} on two principal components`}
        xTitle={`component 1, ${percent(first)} of variance`}
        yTitle={`component 2, ${percent(second)} of variance`}
        groups={groups}
        format={fitting(reach * 2)}
      />
    </ChartFrame>
  );
}
