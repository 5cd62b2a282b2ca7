"use client";
import { type PointerEvent, useRef, useState } from "react";
import type { Thresholds } from "#lib/core/thresholds.ts";
import { binWidth, wholeRange } from "./queue.ts";

const [WIDTH, HEIGHT] = [300, 64];

interface ScoreBrushProps {
  bins: readonly { positive: number; negative: number }[];
  thresholds: Thresholds;
  min: number;
  max: number;
  onRange(range: { min: number; max: number }): void;
}

/** How many texts score what, positives on negatives; dragging over it chooses a range, a click all scores again. */
export function ScoreBrush({ bins, thresholds, min, max, onRange }: ScoreBrushProps) {
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const chart = useRef<SVGSVGElement>(null);
  const most = Math.max(1, ...bins.map(({ positive, negative }) => positive + negative));
  const x = (score: number) => (score / 100) * WIDTH;
  const shown = drag ? rangeOf(drag) : { min, max };
  const whole = shown.min <= wholeRange.min && shown.max >= wholeRange.max;
  const scoreAt = (event: PointerEvent) => {
    const box = chart.current?.getBoundingClientRect();
    if (!box || box.width === 0) return 0;
    return Math.min(100, Math.max(0, ((event.clientX - box.left) / box.width) * 100));
  };
  return (
    <svg
      ref={chart}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Scores: ${summary(bins)}. The fields below choose a range by keyboard.`}
      className="h-16 w-full cursor-crosshair touch-none select-none border-b"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = scoreAt(event);
        setDrag({ from: at, to: at });
      }}
      onPointerMove={(event) => drag && setDrag({ ...drag, to: scoreAt(event) })}
      onPointerCancel={() => setDrag(null)}
      onPointerUp={(event) => {
        if (!drag) return;
        const end = { ...drag, to: scoreAt(event) };
        setDrag(null);
        onRange(Math.abs(end.to - end.from) < 1 ? wholeRange : rangeOf(end));
      }}
    >
      {bins.map(({ positive, negative }, at) => {
        const height = (count: number) => (count / most) * (HEIGHT - 4);
        const place = { x: x(at * binWidth) + 0.5, width: x(binWidth) - 1 };
        const low = HEIGHT - height(negative);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the bins never change places
          <g key={at}>
            <rect {...place} y={low} height={height(negative)} className="fill-negative" />
            <rect {...place} y={low - height(positive)} height={height(positive)} className="fill-positive" />
          </g>
        );
      })}
      {[thresholds.neg_threshold, thresholds.pos_threshold].map((threshold, at) => (
        <line
          // biome-ignore lint/suspicious/noArrayIndexKey: the lower comes first
          key={at}
          x1={x(threshold)}
          x2={x(threshold)}
          y1={0}
          y2={HEIGHT}
          strokeDasharray="3 3"
          className="stroke-ink"
          vectorEffect="non-scaling-stroke"
        />
      ))}
      {!whole && (
        <rect
          x={x(shown.min)}
          width={Math.max(1, x(shown.max) - x(shown.min))}
          y={0}
          height={HEIGHT}
          className="fill-accent/20 stroke-accent"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}

function rangeOf({ from, to }: { from: number; to: number }): { min: number; max: number } {
  return { min: Math.floor(Math.min(from, to)), max: Math.ceil(Math.max(from, to)) };
}

function summary(bins: ScoreBrushProps["bins"]): string {
  const counted = bins.flatMap(({ positive, negative }, at) =>
    positive + negative === 0
      ? []
      : [`${at * binWidth} to ${(at + 1) * binWidth}: ${positive} positive, ${negative} negative`],
  );
  return counted.length === 0 ? "none" : counted.join("; ");
}
