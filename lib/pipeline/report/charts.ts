import { qualityFloors } from "#lib/core/thresholds.ts";
import type { EvaluationRow, SteeringFile } from "../results.ts";
import { isSignificant, near, type Setting, settingsOf, unique } from "../steering-view.ts";
import type { HeatmapChart, LinesChart, ReportChart, ReportTable } from "./document.ts";

const ascending = (a: number, b: number) => a - b;
const fixed = (value: number | null, digits: number) => (value === null ? "–" : value.toFixed(digits));
const signed = (value: number, digits = 1) =>
  `${value < 0 && Number(value.toFixed(digits)) !== 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;

const palette = ["accent", "positive", "negative", "good", "warn"];
const colourAt = (at: number) => palette[at % palette.length] ?? "accent";

/** How well every vector separates held-out rows: by layer and method, and over the layers. @param rows of one trait */
export function vectorCharts(rows: readonly EvaluationRow[], best: EvaluationRow | null): ReportChart[] {
  if (rows.length === 0) return [];
  const methods = unique(rows.map(({ method }) => method)).sort(
    (a, b) => Number(a === "random") - Number(b === "random"),
  );
  const layers = unique(rows.map(({ layer }) => layer)).sort(ascending);
  const find = (method: string, layer: number) =>
    rows.find((row) => row.method === method && row.layer === layer);
  const n = ({ n_val_pos, n_val_neg }: EvaluationRow) => `n = ${n_val_pos} + ${n_val_neg}`;
  const table: ReportTable = {
    columns: ["method", "layer", "AUROC", "95 % CI low", "95 % CI high", "n positive", "n negative"],
    rows: rows.map((row) => [
      row.method,
      row.layer,
      row.val_auroc,
      row.val_auroc_ci?.[0] ?? null,
      row.val_auroc_ci?.[1] ?? null,
      row.n_val_pos,
      row.n_val_neg,
    ]),
  };
  const heatmap: HeatmapChart = {
    kind: "heatmap",
    title: "AUROC by layer and method",
    hint: "Held-out rows only; 0.5 is chance. ★ is the best by combined score.",
    rowTitle: "method",
    columnTitle: "layer (residual stream after block N)",
    rows: methods,
    columns: layers.map(String),
    cells: methods.map((method) =>
      layers.map((layer) => {
        const row = find(method, layer);
        const value = row?.val_auroc ?? null;
        const figure = row && value !== null ? `AUROC ${fixed(value, 3)}, ${n(row)}` : "no data";
        return {
          value,
          text: value === null ? "" : fixed(value, 3),
          description: `${method}, layer ${layer}: ${figure}`,
        };
      }),
    ),
    scale: { kind: "sequential", low: 0.5, high: 1 },
    ...(best ? { best: { row: methods.indexOf(best.method), column: layers.indexOf(best.layer) } } : {}),
    table,
  };
  const lines: LinesChart = {
    kind: "lines",
    title: "AUROC over the layers",
    hint: "Strips are 95 % confidence intervals; the dashed random direction is the floor.",
    xTitle: "layer",
    yTitle: "AUROC",
    digits: { x: 0, y: 2 },
    yDomain: [0, 1],
    series: methods.map((method, at) => ({
      name: method,
      colour: method === "random" ? "muted" : colourAt(at),
      dashed: method === "random",
      points: layers.flatMap((layer) => {
        const row = find(method, layer);
        if (!row) return [];
        return { x: layer, y: row.val_auroc, ...(row.val_auroc_ci ? { band: row.val_auroc_ci } : {}) };
      }),
    })),
    table,
  };
  return [heatmap, lines];
}

/** What steering did: change and coherence by layer and ratio for each method, and dose and response at the best layer. */
export function steeringCharts(file: SteeringFile): ReportChart[] {
  const settings = settingsOf(file);
  const methods = unique(settings.map(({ method }) => method));
  const layer = file.best?.layer ?? settings[0]?.layer;
  return [
    ...methods.flatMap((method) => {
      const own = settings.filter((setting) => setting.method === method);
      return [settingHeatmap(file, own, "delta"), settingHeatmap(file, own, "coherence")];
    }),
    ...(layer === undefined
      ? []
      : [
          doseResponse(
            settings.filter((setting) => setting.layer === layer),
            layer,
          ),
        ]),
  ];
}

function settingHeatmap(
  { best }: SteeringFile,
  settings: readonly Setting[],
  kind: "delta" | "coherence",
): HeatmapChart {
  const method = settings[0]?.method ?? "";
  const layers = unique(settings.map(({ layer }) => layer)).sort(ascending);
  const ratios = unique(settings.map(({ ratio }) => ratio)).sort(ascending);
  const reach = Math.max(20, ...settings.map(({ delta }) => Math.abs(delta ?? 0)));
  return {
    kind: "heatmap",
    title: `${kind === "delta" ? "Change of the trait's score" : "Coherence"} (${method})`,
    hint:
      kind === "delta"
        ? "Points against the unsteered answers to the same questions. ★ is the coherent best, * a significant change: its 95 % CI excludes 0 and it exceeds what random vectors do."
        : `0 to 100; a setting counts as coherent from ${qualityFloors.steeringCoherence}.`,
    rowTitle: "layer",
    columnTitle: "coefficient / mean norm (ratio)",
    rows: layers.map((layer) => `layer ${layer}`),
    columns: ratios.map((ratio) => fixed(ratio, 2)),
    cells: layers.map((layer) =>
      ratios.map((ratio) => {
        const setting = settings.find((each) => each.layer === layer && near(each.ratio, ratio));
        const value = setting ? setting[kind] : null;
        const where = `layer ${layer}, ratio ${fixed(ratio, 2)}`;
        if (!setting || value === null) return { value: null, text: "", description: `${where}: no data` };
        const mark = isSignificant(setting) ? "*" : "";
        return kind === "delta"
          ? {
              value,
              text: `${signed(value)}${mark}`,
              description: `${where}: delta ${signed(value)}, n = ${setting.n}`,
            }
          : { value, text: fixed(value, 0), description: `${where}: coherence ${fixed(value, 0)}` };
      }),
    ),
    scale: kind === "delta" ? { kind: "diverging", reach } : { kind: "sequential", low: 0, high: 100 },
    ...(best && best.method === method
      ? {
          best: {
            row: layers.indexOf(best.layer),
            column: ratios.findIndex((ratio) => near(ratio, best.coef_ratio)),
          },
        }
      : {}),
    table: steeringTable(settings),
  };
}

function doseResponse(settings: readonly Setting[], layer: number): LinesChart {
  const points = settings.toSorted((a, b) => a.ratio - b.ratio);
  const places = [...new Map(points.map((setting) => [setting.ratio, setting])).values()];
  return {
    kind: "lines",
    title: `Dose and response at layer ${layer}`,
    hint: "Strips: 95 % confidence interval of the vector's delta, and the range of the random vectors. A diamond is a significant change.",
    xTitle: "coefficient / mean norm (ratio)",
    yTitle: "delta (points)",
    digits: { x: 2, y: 0 },
    threshold: { value: 0, name: "no change" },
    series: [
      {
        name: "random vectors (band)",
        colour: "muted",
        dashed: true,
        points: places.map(({ ratio, band }) => ({
          x: ratio,
          y: band ? (band.low + band.high) / 2 : null,
          ...(band ? { band: [band.low, band.high] as [number, number] } : {}),
        })),
      },
      ...unique(points.map(({ method }) => method)).map((method, at) => ({
        name: method,
        colour: colourAt(at),
        points: points
          .filter((setting) => setting.method === method)
          .map((setting) => ({
            x: setting.ratio,
            y: setting.delta,
            ...(setting.deltaCi ? { band: setting.deltaCi } : {}),
            ...(isSignificant(setting) ? { marked: true } : {}),
          })),
      })),
    ],
    table: steeringTable(points),
  };
}

/** The settings' figures, one a row: the table behind every chart of them. */
export function steeringTable(settings: readonly Setting[]): ReportTable {
  return {
    columns: [
      "method",
      "layer",
      "ratio",
      "coefficient",
      "delta",
      "CI low",
      "CI high",
      "band low",
      "band high",
      "significant",
      "coherence",
      "n",
    ],
    rows: settings.map((setting) => {
      const significant = isSignificant(setting);
      return [
        setting.method,
        setting.layer,
        setting.ratio,
        setting.coef,
        setting.delta,
        setting.deltaCi?.[0] ?? null,
        setting.deltaCi?.[1] ?? null,
        setting.band?.low ?? null,
        setting.band?.high ?? null,
        significant === null ? null : significant ? "yes" : "no",
        setting.coherence,
        setting.n,
      ];
    }),
  };
}
