"use client";
import {
  CartesianGrid,
  Legend,
  Scatter as Points,
  ResponsiveContainer,
  ScatterChart,
  XAxis,
  YAxis,
} from "recharts";
import { useMarks } from "./marks.tsx";

/** A plus, a minus, or either in a ring: told apart without colour. */
export type Glyph = "+" | "−" | "⊕" | "⊖";

export interface ScatterGroup {
  name: string;
  glyph: Glyph;
  colour: string;
  points: { x: number; y: number; description: string }[];
}

interface ScatterProps {
  label: string;
  xTitle: string;
  yTitle: string;
  groups: ScatterGroup[];
  format(value: number): string;
}

/** Points over two numeric axes; every one can be reached by keyboard. */
export function Scatter({ label, xTitle, yTitle, groups, format }: ScatterProps) {
  const starts = groups.map((_, at) =>
    groups.slice(0, at).reduce((sum, { points }) => sum + points.length, 0),
  );
  const count = groups.reduce((sum, { points }) => sum + points.length, 0);
  const { root, readout, mark } = useMarks<HTMLElement>(
    count,
    "Point at a mark, or move with the arrow keys, to read which row it is.",
  );
  const axis = { type: "number" as const, stroke: "var(--color-muted)", tickFormatter: format };
  return (
    <>
      <figure ref={root} aria-label={label} className="h-80 w-full text-xs">
        <ResponsiveContainer>
          <ScatterChart margin={{ top: 8, right: 16, bottom: 20, left: 8 }} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--color-line)" strokeDasharray="2 4" />
            <XAxis
              {...axis}
              dataKey="x"
              label={{ value: xTitle, position: "insideBottom", offset: -10, fill: "var(--color-muted)" }}
            />
            <YAxis
              {...axis}
              dataKey="y"
              width={56}
              label={{
                value: yTitle,
                angle: -90,
                position: "insideLeft",
                fill: "var(--color-muted)",
                style: { textAnchor: "middle" },
              }}
            />
            <Legend verticalAlign="top" iconSize={0} wrapperStyle={{ paddingBottom: 8 }} />
            {groups.map(({ name, glyph, colour, points }, group) => (
              <Points
                key={name}
                name={`${glyph} ${name}`}
                fill={colour}
                data={points.map((point, at) => ({ ...point, at: (starts[group] ?? 0) + at }))}
                isAnimationActive={false}
                shape={({ cx, cy, payload }: { cx?: number; cy?: number; payload?: PlacedPoint }) =>
                  payload ? (
                    <g {...mark(payload.at, payload.description)}>
                      <title>{payload.description}</title>
                      <GlyphShape x={cx ?? 0} y={cy ?? 0} glyph={glyph} colour={colour} />
                    </g>
                  ) : (
                    <g />
                  )
                }
              />
            ))}
          </ScatterChart>
        </ResponsiveContainer>
      </figure>
      {readout}
    </>
  );
}

interface PlacedPoint {
  description: string;
  at: number;
}

const REACH = 4;

function GlyphShape({ x, y, glyph, colour }: { x: number; y: number; glyph: Glyph; colour: string }) {
  const upright = glyph === "+" || glyph === "⊕" ? `M ${x} ${y - REACH} V ${y + REACH}` : "";
  return (
    <>
      <circle
        cx={x}
        cy={y}
        r={REACH + 2.5}
        fill="transparent"
        stroke={glyph === "⊕" || glyph === "⊖" ? colour : "none"}
      />
      <path d={`M ${x - REACH} ${y} H ${x + REACH} ${upright}`} stroke={colour} strokeWidth={2} fill="none" />
    </>
  );
}
