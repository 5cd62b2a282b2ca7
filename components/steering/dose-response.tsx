"use client";
import { ChartFrame } from "#components/charts/frame.tsx";
import { LazyLines } from "#components/charts/lazy-lines.tsx";
import type { LineSeries } from "#components/charts/lines.tsx";
import { signed } from "#components/format.ts";
import type { SettingNames } from "./setting-heatmap.tsx";
import type { Setting } from "./settings.ts";

/** How far the score moves as the coefficient grows, over what random vectors of the same length do. */
export function DoseResponse({ names, settings }: { names: SettingNames; settings: Setting[] }) {
  const layer = settings[0]?.layer;
  if (layer === undefined) return null;
  const points = settings.toSorted((a, b) => a.ratio - b.ratio);
  const series: LineSeries[] = [
    {
      name: "random vectors (band)",
      colour: "var(--color-muted)",
      dashed: true,
      points: points.map(({ ratio, band }) => ({
        x: ratio,
        y: band ? (band.low + band.high) / 2 : null,
        ...(band ? { band: [band.low, band.high] as [number, number] } : {}),
      })),
    },
    {
      name: names.method,
      colour: "var(--color-accent)",
      points: points.map(({ ratio, delta, deltaCi }) => ({
        x: ratio,
        y: delta,
        ...(deltaCi ? { band: deltaCi } : {}),
      })),
    },
  ];
  return (
    <ChartFrame
      title={`Dose and response at layer ${layer}`}
      hint="Strips: 95 % confidence interval of the vector's delta, and the range of the random vectors."
      fileName={`${names.experiment}-${names.trait.replace("/", "-")}-${names.method}-layer${layer}-dose`}
      table={{
        columns: ["ratio", "delta", "CI low", "CI high", "random low", "random high", "n"],
        rows: points.map(({ ratio, delta, deltaCi, band, n }) => [
          ratio,
          delta,
          deltaCi?.[0] ?? null,
          deltaCi?.[1] ?? null,
          band?.low ?? null,
          band?.high ?? null,
          n,
        ]),
      }}
    >
      <LazyLines
        label={`Change of the trait's score over the coefficient at layer ${layer}`}
        xTitle="coefficient / mean norm"
        yTitle="delta (points)"
        series={series}
        threshold={{ value: 0, name: "no change" }}
        format={(value) => signed(value, 0)}
      />
    </ChartFrame>
  );
}
