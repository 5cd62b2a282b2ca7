import { paintOf } from "#lib/core/colour-scale.ts";
import type { HeatmapChart, LinesChart, ReportChart } from "./document.ts";
import { element, escapeMarkup } from "./markup.ts";

/** A chart as an SVG element that needs no script; its colours are the palette's variables (`--color-ink`). */
export function chartSvg(chart: ReportChart): string {
  return chart.kind === "heatmap" ? heatmapSvg(chart) : linesSvg(chart);
}

const ink = "var(--color-ink)";
const muted = "var(--color-muted)";

interface TextOptions {
  anchor?: "start" | "middle" | "end";
  fill?: string;
  transform?: string;
}

function text(x: number, y: number, content: string, options: TextOptions = {}): string {
  const { anchor = "start", fill = ink, transform } = options;
  return element("text", { x, y, "text-anchor": anchor, fill, transform }, [escapeMarkup(content)]);
}

const title = (content: string) => element("title", {}, [escapeMarkup(content)]);

function drawing(label: string, width: number, height: number, content: readonly string[]): string {
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      "data-chart": "",
      role: "img",
      "aria-label": label,
      viewBox: `0 0 ${width} ${height}`,
      style: `width:100%;max-width:${width}px`,
      "font-size": 12,
    },
    content,
  );
}

const cell = { width: 64, height: 32 };

function heatmapSvg(chart: HeatmapChart): string {
  const { rows, columns, cells, scale, best } = chart;
  const left = 24 + 7 * Math.max(chart.rowTitle.length, ...rows.map((row) => row.length));
  const top = 22;
  const width = left + Math.max(columns.length * cell.width, 7 * chart.columnTitle.length) + 8;
  const height = top + rows.length * cell.height + 26;
  const centre = (column: number) => left + (column + 0.5) * cell.width;
  return drawing(chart.title, width, height, [
    text(8, 14, chart.rowTitle, { fill: muted }),
    ...columns.map((column, at) => text(centre(at), 14, column, { anchor: "middle", fill: muted })),
    ...rows.flatMap((row, rowAt) => {
      const y = top + rowAt * cell.height;
      return [
        text(left - 8, y + 20, row, { anchor: "end" }),
        ...columns.map((_, at) => {
          const content = cells[rowAt]?.[at];
          const isBest = best?.row === rowAt && best.column === at;
          const paint = paintOf(content?.value ?? null, scale);
          return element("g", { "data-value": content?.value ?? "" }, [
            title(`${content?.description ?? "no data"}${isBest ? " (best)" : ""}`),
            element("rect", {
              x: left + at * cell.width + 1,
              y: y + 1,
              width: cell.width - 2,
              height: cell.height - 2,
              rx: 3,
              style: `fill:${paint.fill}`,
              ...(isBest ? { stroke: ink, "stroke-width": 2.5 } : {}),
            }),
            text(centre(at), y + 20, `${isBest ? "★ " : ""}${content?.text ?? ""}`, {
              anchor: "middle",
              fill: paint.ink,
            }),
          ]);
        }),
      ];
    }),
    columns.length > 3
      ? text(centre(columns.length / 2 - 0.5), height - 8, chart.columnTitle, {
          anchor: "middle",
          fill: muted,
        })
      : text(left, height - 8, chart.columnTitle, { fill: muted }),
  ]);
}

const frame = { width: 640, height: 280, left: 64, right: 16, bottom: 44 };

function linesSvg(chart: LinesChart): string {
  const { series, digits, threshold } = chart;
  const points = series.flatMap((each) => each.points);
  const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const values = [
    ...points.flatMap(({ y, band = [] }) => [...(y === null ? [] : [y]), ...band]),
    ...(threshold ? [threshold.value] : []),
  ];
  const ticks = ticksOf(chart.yDomain ?? [Math.min(...values), Math.max(...values)]);
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const [first = 0, last = first] = [xs[0], xs.at(-1)];
  const legend = legendOf(series);
  const top = legend.height + 10;
  const inner = { width: frame.width - frame.left - frame.right, height: frame.height - top - frame.bottom };
  const x = (value: number) =>
    round(frame.left + (last > first ? (value - first) / (last - first) : 0.5) * inner.width);
  const y = (value: number) => round(top + (1 - (value - low) / (high - low || 1)) * inner.height);
  const across = (value: number, dash: string, stroke: string) =>
    element("line", {
      x1: frame.left,
      x2: frame.width - frame.right,
      y1: y(value),
      y2: y(value),
      stroke,
      "stroke-dasharray": dash,
    });
  return drawing(chart.title, frame.width, frame.height, [
    ...legend.marks,
    ...ticks.flatMap((tick) => [
      across(tick, "2 4", "var(--color-line)"),
      text(frame.left - 8, y(tick) + 4, tick.toFixed(digits.y), { anchor: "end", fill: muted }),
    ]),
    ...xs.map((tick) =>
      text(x(tick), frame.height - frame.bottom + 16, tick.toFixed(digits.x), {
        anchor: "middle",
        fill: muted,
      }),
    ),
    text(frame.left + inner.width / 2, frame.height - 8, chart.xTitle, { anchor: "middle", fill: muted }),
    text(0, 0, chart.yTitle, {
      anchor: "middle",
      fill: muted,
      transform: `translate(14 ${top + inner.height / 2}) rotate(-90)`,
    }),
    ...(threshold
      ? [
          across(threshold.value, "6 4", muted),
          text(frame.width - frame.right, y(threshold.value) - 4, threshold.name, {
            anchor: "end",
            fill: muted,
          }),
        ]
      : []),
    ...series.map((each) => seriesSvg(each, digits.y, x, y)),
  ]);
}

type Place = (value: number) => number;

function seriesSvg(
  { name, colour, dashed, points }: LinesChart["series"][number],
  digits: number,
  x: Place,
  y: Place,
) {
  const stroke = `var(--color-${colour})`;
  const known = points.flatMap((point) => (point.y === null ? [] : [{ ...point, y: point.y }]));
  const banded = points.flatMap(({ x: at, band }) => (band ? [{ at, low: band[0], high: band[1] }] : []));
  const outline = [
    ...banded.map(({ at, high }) => `${x(at)},${y(high)}`),
    ...banded.toReversed().map(({ at, low }) => `${x(at)},${y(low)}`),
  ];
  return element("g", { "data-series": name, stroke, fill: stroke }, [
    element("polygon", { points: outline.join(" "), "fill-opacity": 0.14, stroke: "none" }),
    ...banded.map(({ at, low, high }) =>
      element("line", { x1: x(at), x2: x(at), y1: y(low), y2: y(high), "stroke-opacity": 0.5 }),
    ),
    element("polyline", {
      points: known.map((point) => `${x(point.x)},${y(point.y)}`).join(" "),
      fill: "none",
      "stroke-width": 2,
      "stroke-dasharray": dashed ? "5 4" : undefined,
    }),
    ...known.map((point) => {
      const about = [title(`${name}: ${point.y.toFixed(digits)}${point.marked ? ", significant" : ""}`)];
      const [cx, cy] = [x(point.x), y(point.y)];
      return point.marked
        ? element(
            "path",
            { d: `M${cx} ${cy - 6}L${cx + 6} ${cy}L${cx} ${cy + 6}L${cx - 6} ${cy}Z`, "data-value": point.y },
            about,
          )
        : element(
            "circle",
            { cx, cy, r: 3, "data-value": point.y, style: "fill:var(--color-surface)", "stroke-width": 2 },
            about,
          );
    }),
  ]);
}

function legendOf(series: LinesChart["series"]): { marks: string[]; height: number } {
  let [x, y] = [frame.left, 14];
  const marks = series.flatMap(({ name, colour, dashed }) => {
    const width = 34 + 7 * name.length;
    if (x + width > frame.width && x > frame.left) [x, y] = [frame.left, y + 18];
    const at = x;
    x += width;
    return [
      element("line", {
        x1: at,
        x2: at + 20,
        y1: y - 4,
        y2: y - 4,
        stroke: `var(--color-${colour})`,
        "stroke-width": 2,
        "stroke-dasharray": dashed ? "5 4" : undefined,
      }),
      text(at + 25, y, name),
    ];
  });
  return { marks, height: y };
}

/** Round figures that enclose the range, about five of them. */
function ticksOf([low, high]: [number, number]): number[] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const span = high - low || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const count = Math.max(1, Math.ceil(high / step - 1e-9) - first);
  return Array.from({ length: count + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

const round = (value: number) => Math.round(value * 10) / 10;
