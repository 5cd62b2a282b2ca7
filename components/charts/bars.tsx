"use client";
import { whole } from "#components/format.ts";
import { useMarks } from "./marks.tsx";

export interface Bar {
  name: string;
  n: number;
  /** What stands behind the number: `80 %`. */
  note?: string;
}

interface BarsProps {
  label: string;
  /** What is counted: `records`. */
  unit: string;
  bars: readonly Bar[];
  colour?: string;
}

const row = 26;
const width = { all: 520, names: 190, notes: 110 };

/** Counts as horizontal bars from one edge, each with its name and number. */
export function Bars({ label, unit, bars, colour = "var(--color-accent)" }: BarsProps) {
  const most = Math.max(1, ...bars.map(({ n }) => n));
  const longest = width.all - width.names - width.notes;
  const { root, readout, mark } = useMarks<SVGSVGElement>(
    bars.length,
    `Point at a bar, or move with the arrow keys, to read its ${unit}.`,
  );
  return (
    <>
      <div className="overflow-x-auto">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in for a drawing */}
        <svg
          ref={root}
          data-chart
          role="group"
          aria-label={label}
          viewBox={`0 0 ${width.all} ${row * bars.length + 4}`}
          className="w-full min-w-[26rem] max-w-2xl text-[12px]"
        >
          {bars.map(({ name, n, note }, at) => {
            const description = `${name}: ${whole(n)} ${unit}${note ? `, ${note}` : ""}`;
            const length = (n / most) * longest;
            return (
              <g key={name} data-bar={name} data-count={n} {...mark(at, description)}>
                <title>{description}</title>
                <rect x={0} y={at * row} width={width.all} height={row} fill="transparent" />
                <text x={width.names - 8} y={at * row + 17} textAnchor="end" fill="var(--color-ink)">
                  {name}
                </text>
                <rect x={width.names} y={at * row + 4} width={length} height={row - 8} fill={colour} rx={2} />
                <text
                  x={width.names + length + 6}
                  y={at * row + 17}
                  fill="var(--color-muted)"
                  className="tabular-nums"
                >
                  {whole(n)}
                  {note && ` · ${note}`}
                </text>
              </g>
            );
          })}
        </svg>
      </div>
      {readout}
    </>
  );
}
