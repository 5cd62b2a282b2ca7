"use client";
import { whole } from "#components/format.ts";
import type { Bin } from "./bins.ts";
import { useMarks } from "./marks.tsx";

export interface HistogramSide {
  /** `+ positive` */
  name: string;
  colour: string;
  bins: Bin[];
  /** Where this side's values are cut, and what that means. */
  mark: { at: number; name: string };
}

interface TwoSidedHistogramProps {
  label: string;
  xTitle: string;
  /** What is counted: `scenarios`. */
  unit: string;
  /** Of the values on the axis. */
  format?(value: number): string;
  up: HistogramSide;
  down: HistogramSide;
}

const size = { width: 480, half: 96 };
const margin = { left: 36, right: 14, top: 22, middle: 20, bottom: 38 };
const plot = size.width - margin.left - margin.right;

/** Two distributions over one axis, one growing up and the other down, so that their place tells them apart. */
export function TwoSidedHistogram(props: TwoSidedHistogramProps) {
  const { label, xTitle, unit, up, down, format = (value) => String(Math.round(value)) } = props;
  const all = [...up.bins, ...down.bins];
  const most = Math.max(1, ...all.map(({ count }) => count));
  const low = Math.min(...all.map(({ from }) => from));
  const high = Math.max(...all.map(({ to }) => to));
  const x = (value: number) => margin.left + ((value - low) / (high - low)) * plot;
  const upper = margin.top + size.half;
  const lower = upper + margin.middle;
  const height = lower + size.half + margin.bottom;
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => low + share * (high - low));
  const { root, readout, mark } = useMarks<SVGSVGElement>(
    all.length,
    `Point at a bar, or move with the arrow keys, to read its ${unit}.`,
  );
  const half = { x, most, unit, format };

  return (
    <>
      <div className="overflow-x-auto">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in for a drawing */}
        <svg
          ref={root}
          data-chart
          role="group"
          aria-label={label}
          viewBox={`0 0 ${size.width} ${height}`}
          className="w-full min-w-[26rem] max-w-xl text-[12px]"
        >
          <Half side={up} {...half} mark={mark} base={upper} direction={-1} />
          <Half
            side={down}
            {...half}
            mark={(index, description) => mark(up.bins.length + index, description)}
            base={lower}
            direction={1}
          />
          {ticks.map((tick) => (
            <text
              key={tick}
              x={Math.min(x(tick), size.width - 2)}
              y={upper + 14}
              textAnchor={tick === ticks.at(-1) ? "end" : "middle"}
              fill="var(--color-muted)"
            >
              {format(tick)}
            </text>
          ))}
          <text x={margin.left + plot / 2} y={height - 4} textAnchor="middle" fill="var(--color-muted)">
            {xTitle}
          </text>
        </svg>
      </div>
      {readout}
    </>
  );
}

interface HalfProps {
  side: HistogramSide;
  x(value: number): number;
  most: number;
  unit: string;
  format(value: number): string;
  mark: ReturnType<typeof useMarks>["mark"];
  base: number;
  direction: 1 | -1;
}

function Half({ side, x, most, unit, format, mark, base, direction }: HalfProps) {
  const { name, colour, bins, mark: cut } = side;
  const end = base + direction * size.half;
  const outside = direction === 1 ? end + 14 : end - 6;
  const late = x(cut.at) > margin.left + plot * 0.6;
  return (
    <g>
      <line x1={margin.left} x2={margin.left + plot} y1={base} y2={base} stroke="var(--color-muted)" />
      <line x1={margin.left} x2={margin.left + plot} y1={end} y2={end} stroke="var(--color-line)" />
      <text x={margin.left - 5} y={end + 4} textAnchor="end" fill="var(--color-muted)">
        {whole(most)}
      </text>
      <text
        x={14}
        y={base + (direction * size.half) / 2}
        textAnchor="middle"
        fill={colour}
        fontWeight={600}
        transform={`rotate(-90 14 ${base + (direction * size.half) / 2})`}
      >
        {name}
      </text>
      {bins.map(({ from, to, count }, index) => {
        const description = `${name}: ${whole(count)} ${unit} from ${format(from)} to ${format(to)}`;
        const length = (count / most) * size.half;
        return (
          <g key={from} data-bin={from} data-count={count} {...mark(index, description)}>
            <title>{description}</title>
            <rect
              x={x(from)}
              width={x(to) - x(from)}
              y={direction === 1 ? base : end}
              height={size.half}
              fill="transparent"
            />
            <rect
              x={x(from) + 1}
              width={x(to) - x(from) - 2}
              y={direction === 1 ? base : base - length}
              height={length}
              fill={colour}
            />
          </g>
        );
      })}
      <line
        x1={x(cut.at)}
        x2={x(cut.at)}
        y1={base}
        y2={direction === 1 ? end + 4 : end - 4}
        stroke="var(--color-ink)"
        strokeDasharray="5 3"
        strokeWidth={1.5}
      />
      <text
        x={x(cut.at) + (late ? -6 : 6)}
        y={outside}
        textAnchor={late ? "end" : "start"}
        fill="var(--color-ink)"
      >
        {cut.name}
      </text>
    </g>
  );
}
