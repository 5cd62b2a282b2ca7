"use client";
import { binsOf } from "#components/charts/bins.ts";
import { ChartFrame } from "#components/charts/frame.tsx";
import { TwoSidedHistogram } from "#components/charts/two-sided-histogram.tsx";
import { whole } from "#components/format.ts";
import type { Polarity } from "#lib/core/names.ts";
import type { Thresholds } from "#lib/core/thresholds.ts";
import type { VettingKind } from "#lib/pipeline/human-labels.ts";
import type { VettedLine } from "#lib/pipeline/vetting-view.ts";
import { vetKinds } from "./kinds.ts";

const BINS = 20;

interface ScoreHistogramProps {
  lines: readonly VettedLine[];
  kind: VettingKind;
  thresholds: Thresholds;
  /** Base name of downloads. */
  fileName: string;
}

/** The judge's scores of one kind, positives above and negatives below the axis, with the thresholds. */
export function ScoreHistogram({ lines, kind, thresholds, fileName }: ScoreHistogramProps) {
  const { title, texts } = vetKinds[kind];
  const scores = (side: Polarity) =>
    lines.flatMap((line) => {
      const score = line.polarity === side ? line[kind]?.score : null;
      return score == null ? [] : [score];
    });
  const positive = scores("positive");
  const negative = scores("negative");
  if (positive.length + negative.length === 0) return null;
  const { pos_threshold, neg_threshold } = thresholds;
  const up = binsOf(positive, 0, 100, BINS);
  const down = binsOf(negative, 0, 100, BINS);
  return (
    <ChartFrame
      title={`${title}: scores`}
      hint="How strongly the judge finds the trait, 0 to 100. What lies between the thresholds is ambiguous."
      fileName={fileName}
      table={{
        columns: ["score from", "to", "positive", "negative"],
        rows: up.map(({ from, to, count }, at) => [from, to, count, down[at]?.count ?? 0]),
      }}
    >
      <TwoSidedHistogram
        label={`Scores of ${whole(positive.length)} positive and ${whole(negative.length)} negative ${texts}; positives pass from ${pos_threshold}, negatives up to ${neg_threshold}`}
        xTitle="judge's score"
        unit={texts}
        up={{
          name: "+ positive",
          colour: "var(--color-positive)",
          bins: up,
          mark: { at: pos_threshold, name: `passes from ${pos_threshold}` },
        }}
        down={{
          name: "− negative",
          colour: "var(--color-negative)",
          bins: down,
          mark: { at: neg_threshold, name: `passes up to ${neg_threshold}` },
        }}
      />
    </ChartFrame>
  );
}
