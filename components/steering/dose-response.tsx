"use client";
import { ChartFrame } from "#components/charts/frame.tsx";
import { LazyLines } from "#components/charts/lazy-lines.tsx";
import type { LineSeries } from "#components/charts/lines.tsx";
import { decimal, signed } from "#components/format.ts";
import { SelectField } from "#components/ui/field.tsx";
import { steeringTable } from "#lib/pipeline/report/charts.ts";
import { isSignificant, type Setting, unique } from "#lib/pipeline/steering-view.ts";
import type { SettingNames } from "./steer-further.tsx";

export const units = ["ratio", "coef"] as const;
export type Unit = (typeof units)[number];

const unitTitles: Record<Unit, string> = {
  ratio: "coefficient / mean norm (ratio)",
  coef: "raw coefficient on the unit vector",
};

interface DoseResponseProps {
  names: SettingNames;
  /** Of one layer, every method. */
  settings: Setting[];
  unit: Unit;
  onUnit(unit: Unit): void;
}

const colours = [
  "var(--color-accent)",
  "var(--color-positive)",
  "var(--color-negative)",
  "var(--color-good)",
];

/** How far the score moves as the coefficient grows, over what random vectors of the same length do. */
export function DoseResponse({ names, settings, unit, onUnit }: DoseResponseProps) {
  const layer = settings[0]?.layer;
  if (layer === undefined) return null;
  const dose = (setting: Setting) => setting[unit];
  const points = settings.toSorted((a, b) => dose(a) - dose(b));
  // Random vectors go to every ratio that any method was steered by.
  const places = [...new Map(points.map((setting) => [setting.ratio, setting])).values()];
  const series: LineSeries[] = [
    {
      name: "random vectors (band)",
      colour: "var(--color-muted)",
      dashed: true,
      points: places.map((setting) => ({
        x: dose(setting),
        y: setting.band ? (setting.band.low + setting.band.high) / 2 : null,
        ...(setting.band ? { band: [setting.band.low, setting.band.high] as [number, number] } : {}),
      })),
    },
    ...unique(points.map(({ method }) => method)).map((method, at) => ({
      name: method,
      colour: colours[at % colours.length] ?? "var(--color-accent)",
      points: points
        .filter((setting) => setting.method === method)
        .map((setting) => ({
          x: dose(setting),
          y: setting.delta,
          ...(setting.deltaCi ? { band: setting.deltaCi } : {}),
          ...(isSignificant(setting) ? { marked: true, note: "significant" } : {}),
        })),
    })),
  ];
  return (
    <ChartFrame
      title={`Dose and response at layer ${layer}`}
      hint="Strips: 95 % confidence interval of the vector's delta, and the range of the random vectors. A diamond is a significant change: at least a point, its interval excludes 0 and it exceeds what random vectors do."
      fileName={`${names.experiment}-${names.trait.replace("/", "-")}-layer${layer}-dose-${unit}`}
      table={steeringTable(points)}
    >
      <SelectField
        label="Dose in"
        className="mb-2 max-w-80"
        value={unit}
        onChange={(event) => onUnit(units.find((name) => name === event.target.value) ?? "ratio")}
      >
        {units.map((name) => (
          <option key={name} value={name}>
            {unitTitles[name]}
          </option>
        ))}
      </SelectField>
      <LazyLines
        label={`Change of the trait's score over the ${unit === "ratio" ? "ratio" : "raw coefficient"} at layer ${layer}`}
        xTitle={unitTitles[unit]}
        yTitle="delta (points)"
        series={series}
        threshold={{ value: 0, name: "no change" }}
        format={(value) => signed(value, 0)}
        formatX={(x) => decimal(x, unit === "ratio" ? 2 : 1)}
      />
    </ChartFrame>
  );
}
