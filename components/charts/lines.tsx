"use client";
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Legend,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";

export interface LineSeries {
  name: string;
  /** One colour token of the palette, or any CSS colour. */
  colour: string;
  /** A floor or baseline is dashed. */
  dashed?: boolean;
  /**
   * `band`: the confidence interval [low, high], drawn as a strip. `note` stands behind the value when pointed at.
   * A marked point is drawn as a diamond.
   */
  points: { x: number; y: number | null; band?: [number, number]; note?: string; marked?: boolean }[];
}

interface LinesProps {
  label: string;
  xTitle: string;
  yTitle: string;
  series: LineSeries[];
  yDomain?: [number, number];
  /** A threshold drawn across, with its name. */
  threshold?: { value: number; name: string };
  format(value: number): string;
  formatX?(x: number): string;
}

/** Lines over a shared numeric axis, each with its confidence strip. */
export function Lines({
  label,
  xTitle,
  yTitle,
  series,
  yDomain,
  threshold,
  format,
  formatX = String,
}: LinesProps) {
  const xs = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const data = xs.map((x) => {
    const row: Record<string, number | string | boolean | [number, number] | null> = { x };
    for (const { name, points } of series) {
      const point = points.find((candidate) => candidate.x === x);
      row[name] = point?.y ?? null;
      if (point?.band) row[`${name} band`] = point.band;
      if (point?.note) row[`${name} note`] = point.note;
      if (point?.marked) row[`${name} marked`] = true;
    }
    return row;
  });
  return (
    <figure aria-label={label} className="h-72 w-full text-xs">
      <ResponsiveContainer>
        <ComposedChart data={data} margin={{ top: 8, right: 16, bottom: 20, left: 8 }} accessibilityLayer>
          <CartesianGrid stroke="var(--color-line)" strokeDasharray="2 4" />
          <XAxis
            dataKey="x"
            type="number"
            domain={["dataMin", "dataMax"]}
            ticks={xs}
            tickFormatter={formatX}
            stroke="var(--color-muted)"
            label={{ value: xTitle, position: "insideBottom", offset: -10, fill: "var(--color-muted)" }}
          />
          <YAxis
            domain={yDomain ?? ["auto", "auto"]}
            stroke="var(--color-muted)"
            tickFormatter={format}
            width={56}
            label={{ value: yTitle, angle: -90, position: "insideLeft", fill: "var(--color-muted)" }}
          />
          <Tooltip
            contentStyle={{ background: "var(--color-surface)", border: "1px solid var(--color-line)" }}
            labelStyle={{ color: "var(--color-ink)" }}
            labelFormatter={(x) => `${xTitle} ${formatX(Number(x))}`}
            formatter={(value, name, { payload }) => {
              if (Array.isArray(value)) return value.map((end) => format(Number(end))).join(" to ");
              const note: unknown = payload?.[`${name} note`];
              return typeof note === "string" ? `${format(Number(value))}, ${note}` : format(Number(value));
            }}
          />
          <Legend verticalAlign="top" wrapperStyle={{ paddingBottom: 8 }} />
          {threshold && (
            <ReferenceLine
              y={threshold.value}
              stroke="var(--color-muted)"
              strokeDasharray="6 4"
              label={{ value: threshold.name, position: "insideTopRight", fill: "var(--color-muted)" }}
            />
          )}
          {series.map(({ name, colour }) => (
            <Area
              key={`${name} band`}
              dataKey={`${name} band`}
              name={`${name} 95 % CI`}
              stroke="none"
              fill={colour}
              fillOpacity={0.14}
              legendType="none"
              isAnimationActive={false}
              connectNulls
            />
          ))}
          {series.map(({ name, colour, dashed }) => (
            <Line
              key={name}
              dataKey={name}
              name={name}
              stroke={colour}
              strokeWidth={2}
              strokeDasharray={dashed ? "5 4" : undefined}
              dot={(dot) => <Dot key={dot.key} {...dot} marked={dot.payload[`${name} marked`] === true} />}
              isAnimationActive={false}
              connectNulls
            />
          ))}
        </ComposedChart>
      </ResponsiveContainer>
    </figure>
  );
}

interface DotProps {
  cx?: number | undefined;
  cy?: number | undefined;
  stroke?: string | undefined;
  marked: boolean;
}

function Dot({ cx, cy, stroke = "var(--color-ink)", marked }: DotProps) {
  if (cx === undefined || cy === undefined || Number.isNaN(cy)) return null;
  const style = { fill: marked ? stroke : "var(--color-surface)", stroke, strokeWidth: 2 };
  if (!marked) return <circle cx={cx} cy={cy} r={3} {...style} />;
  return (
    <path data-marked d={`M${cx} ${cy - 6}L${cx + 6} ${cy}L${cx} ${cy + 6}L${cx - 6} ${cy}Z`} {...style} />
  );
}
