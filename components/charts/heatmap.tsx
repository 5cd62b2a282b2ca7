"use client";
import { type KeyboardEvent, useRef, useState } from "react";
import { paintOf, type Scale } from "#lib/core/colour-scale.ts";
import { Readout } from "./marks.tsx";

export interface HeatmapCell {
  value: number | null;
  /** Short text inside the cell. */
  text: string;
  /** Whole sentence for the tooltip and the screen reader, with units and n. */
  description: string;
}

interface HeatmapProps {
  label: string;
  rowTitle: string;
  columnTitle: string;
  rows: string[];
  columns: string[];
  /** [row][column] */
  cells: HeatmapCell[][];
  scale: Scale;
  /** The best cell, ringed and starred. */
  best?: { row: number; column: number } | undefined;
  selected?: { row: number; column: number } | undefined;
  onSelect?(row: number, column: number): void;
}

const height = 34;
const margins = { top: 22, bottom: 26 };
const CHARACTER = 6.8;

/** Room for the longest of some labels at 12 px. */
function widthOf(labels: readonly string[], least: number): number {
  return Math.max(least, ...labels.map((label) => Math.ceil(label.length * CHARACTER) + 16));
}

/** A grid of coloured cells. Arrow keys move, Enter or Space chooses; grey means no data. */
export function Heatmap(props: HeatmapProps) {
  const { label, rowTitle, columnTitle, rows, columns, cells, scale, best, selected, onSelect } = props;
  const [at, setAt] = useState({ row: best?.row ?? 0, column: best?.column ?? 0 });
  const [told, setTold] = useState<string | null>(null);
  const grid = useRef<SVGSVGElement>(null);
  const cell = { width: widthOf(columns, 64), height };
  const margin = { ...margins, left: widthOf(rows, 96) };
  const width = margin.left + columns.length * cell.width + 8;
  const whole = margin.top + rows.length * cell.height + margin.bottom;

  const move = (row: number, column: number) => {
    const to = {
      row: Math.min(Math.max(row, 0), rows.length - 1),
      column: Math.min(Math.max(column, 0), columns.length - 1),
    };
    setAt(to);
    grid.current?.querySelector<SVGGElement>(`[data-cell="${to.row}-${to.column}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, row: number, column: number) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (step) move(row + (step[0] ?? 0), column + (step[1] ?? 0));
    else if (event.key === "Enter" || event.key === " ") onSelect?.(row, column);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="overflow-x-auto">
        <svg
          ref={grid}
          data-chart
          role="grid"
          aria-label={label}
          viewBox={`0 0 ${width} ${whole}`}
          style={{ minWidth: Math.min(width, 320 + columns.length * 24), maxWidth: width * 1.25 }}
          className="w-full text-[12px]"
        >
          <g role="row">
            <text x={8} y={14} role="columnheader" fill="var(--color-muted)">
              {rowTitle}
            </text>
            {columns.map((column, index) => (
              <text
                key={column}
                role="columnheader"
                x={margin.left + (index + 0.5) * cell.width}
                y={14}
                textAnchor="middle"
                fill="var(--color-muted)"
              >
                {column}
              </text>
            ))}
          </g>
          {rows.map((row, rowIndex) => (
            <g role="row" key={row} transform={`translate(0 ${margin.top + rowIndex * cell.height})`}>
              <text
                role="rowheader"
                x={margin.left - 8}
                y={cell.height / 2 + 4}
                textAnchor="end"
                fill="var(--color-ink)"
              >
                {row}
              </text>
              {columns.map((column, columnIndex) => {
                const content = cells[rowIndex]?.[columnIndex];
                const isBest = best?.row === rowIndex && best.column === columnIndex;
                const isSelected = selected?.row === rowIndex && selected.column === columnIndex;
                const paint = paintOf(content?.value ?? null, scale);
                return (
                  <g
                    key={column}
                    role="gridcell"
                    data-cell={`${rowIndex}-${columnIndex}`}
                    data-value={content?.value ?? ""}
                    tabIndex={at.row === rowIndex && at.column === columnIndex ? 0 : -1}
                    aria-selected={isSelected}
                    aria-label={`${content?.description ?? "no data"}${isBest ? " (best)" : ""}`}
                    transform={`translate(${margin.left + columnIndex * cell.width} 0)`}
                    onClick={() => onSelect?.(rowIndex, columnIndex)}
                    onKeyDown={(event) => onKeyDown(event, rowIndex, columnIndex)}
                    onFocus={() => {
                      setAt({ row: rowIndex, column: columnIndex });
                      setTold(content?.description ?? "no data");
                    }}
                    onBlur={() => setTold(null)}
                    onPointerEnter={() => setTold(content?.description ?? "no data")}
                    onPointerLeave={() => setTold(null)}
                    style={{ cursor: onSelect ? "pointer" : undefined }}
                  >
                    <title>{content?.description ?? "no data"}</title>
                    <rect
                      x={1}
                      y={1}
                      width={cell.width - 2}
                      height={cell.height - 2}
                      rx={3}
                      fill={paint.fill}
                      stroke={isBest || isSelected ? "var(--color-ink)" : "none"}
                      strokeWidth={isBest ? 2.5 : 1.5}
                      strokeDasharray={isSelected && !isBest ? "4 3" : undefined}
                    />
                    <text x={cell.width / 2} y={cell.height / 2 + 4} textAnchor="middle" fill={paint.ink}>
                      {isBest ? "★ " : ""}
                      {content?.text ?? ""}
                    </text>
                  </g>
                );
              })}
            </g>
          ))}
          <text
            x={margin.left + (columns.length * cell.width) / 2}
            y={whole - 8}
            textAnchor="middle"
            fill="var(--color-muted)"
          >
            {columnTitle}
          </text>
        </svg>
      </div>
      <Readout text={told} hint="Point at a cell, or move with the arrow keys, to read its figures." />
    </>
  );
}
