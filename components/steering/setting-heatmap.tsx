"use client";
import { ChartFrame } from "#components/charts/frame.tsx";
import { Heatmap } from "#components/charts/heatmap.tsx";
import { decimal, signed } from "#components/format.ts";
import type { Scale } from "#lib/core/colour-scale.ts";
import { qualityFloors } from "#lib/core/thresholds.ts";
import { steeringTable } from "#lib/pipeline/report/charts.ts";
import type { SteeringFile } from "#lib/pipeline/results.ts";
import { isSignificant, near, type Setting, unique } from "#lib/pipeline/steering-view.ts";
import type { SettingNames } from "./steer-further.tsx";

interface SettingHeatmapProps {
  kind: "delta" | "coherence";
  names: SettingNames;
  file: SteeringFile;
  settings: Setting[];
  selected: Setting | undefined;
  onSelect(setting: { layer: number; ratio: number }): void;
}

/** Layer × coefficient, coloured by the change of the trait's score or by coherence. */
export function SettingHeatmap({ kind, names, file, settings, selected, onSelect }: SettingHeatmapProps) {
  const layers = unique(settings.map(({ layer }) => layer)).sort((a, b) => a - b);
  const ratios = unique(settings.map(({ ratio }) => ratio)).sort((a, b) => a - b);
  const figureOf = (setting: Setting) => (kind === "delta" ? setting.delta : setting.coherence);
  const reach = Math.max(20, ...settings.map(({ delta }) => Math.abs(delta ?? 0)));
  const scale: Scale =
    kind === "delta" ? { kind: "diverging", reach } : { kind: "sequential", low: 0, high: 100 };
  const cells = layers.map((layer) =>
    ratios.map((ratio) => {
      const setting = settings.find((candidate) => candidate.layer === layer && near(candidate.ratio, ratio));
      const value = setting ? figureOf(setting) : null;
      if (!setting || value === null) {
        const why = setting ? "nothing could be judged" : "not steered; choose it to steer further";
        return { value: null, text: "", description: `layer ${layer}, ratio ${decimal(ratio)}: ${why}` };
      }
      const text =
        kind === "delta" ? `${signed(value)}${isSignificant(setting) ? "*" : ""}` : decimal(value, 0);
      return { value, text, description: sentenceOf(setting, kind) };
    }),
  );
  const place = (layer: number, ratio: number) => ({
    row: layers.indexOf(layer),
    column: ratios.findIndex((candidate) => near(candidate, ratio)),
  });
  const { best } = file;
  const title = kind === "delta" ? "Change of the trait's score" : "Coherence";
  return (
    <ChartFrame
      title={`${title} (${names.method})`}
      hint={
        kind === "delta"
          ? "Points against the unsteered answers to the same questions; ★ is the coherent best, * a significant change: at least a point, its 95 % CI excludes 0 and it exceeds what random vectors do."
          : `0 to 100; a setting counts as coherent from ${qualityFloors.steeringCoherence}.`
      }
      fileName={`${names.experiment}-${names.trait.replace("/", "-")}-${names.method}-${kind}`}
      table={steeringTable(settings)}
    >
      <Heatmap
        label={`${title} by layer and coefficient, ${names.method}`}
        rowTitle="layer"
        columnTitle="coefficient / mean norm"
        rows={layers.map((layer) => `layer ${layer}`)}
        columns={ratios.map((ratio) => decimal(ratio))}
        cells={cells}
        scale={scale}
        best={best && best.method === names.method ? place(best.layer, best.coef_ratio) : undefined}
        selected={selected ? place(selected.layer, selected.ratio) : undefined}
        onSelect={(row, column) => onSelect({ layer: layers[row] ?? 0, ratio: ratios[column] ?? 0 })}
      />
    </ChartFrame>
  );
}

function sentenceOf(setting: Setting, kind: "delta" | "coherence"): string {
  const where = `layer ${setting.layer}, ratio ${decimal(setting.ratio)} (coefficient ${decimal(setting.coef)})`;
  if (kind === "coherence") return `${where}: coherence ${decimal(setting.coherence, 0)}, n = ${setting.n}`;
  const ci = setting.deltaCi
    ? `, 95 % CI ${signed(setting.deltaCi[0])} to ${signed(setting.deltaCi[1])}`
    : "";
  const band = setting.band
    ? `; random band ${signed(setting.band.low)} to ${signed(setting.band.high)}`
    : "";
  const significant = isSignificant(setting);
  const mark = significant === null ? "" : significant ? "; significant" : "; not significant";
  return `${where}: delta ${signed(setting.delta)}${ci}${band}${mark}, n = ${setting.n}`;
}
