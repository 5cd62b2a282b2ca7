"use client";
import { ChartFrame } from "#components/charts/frame.tsx";
import { LazyLines } from "#components/charts/lazy-lines.tsx";
import type { LineSeries } from "#components/charts/lines.tsx";
import { moment, percent, whole } from "#components/format.ts";
import { type VettingKind, vettingKinds } from "#lib/pipeline/human-labels.ts";
import type { VettingRound } from "#lib/pipeline/rounds.ts";
import { vetKinds } from "./kinds.ts";

const looks: Record<VettingKind, { colour: string; dashed: boolean }> = {
  scenario: { colour: "var(--color-accent)", dashed: false },
  response: { colour: "var(--color-warn)", dashed: true },
};

interface RoundsChartProps {
  rounds: readonly VettingRound[];
  /** Base name of downloads. */
  fileName: string;
}

/** The pass rate of every round so far. */
export function RoundsChart({ rounds, fileName }: RoundsChartProps) {
  if (rounds.length === 0) return null;
  const numbered = vettingKinds.flatMap((kind) =>
    rounds.filter((round) => round.kind === kind).map((round, at) => ({ ...round, number: at + 1 })),
  );
  const series = vettingKinds.flatMap((kind): LineSeries[] => {
    const points = numbered
      .filter((round) => round.kind === kind)
      .map(({ number, pass_rate, judged, texts }) => ({
        x: number,
        y: pass_rate,
        note: `${whole(judged)} of ${whole(texts)} judged anew`,
      }));
    return points.length === 0 ? [] : [{ name: vetKinds[kind].texts, ...looks[kind], points }];
  });
  return (
    <ChartFrame
      title="Rounds"
      hint="The pass rate after each time of vetting. A round judges only what is new or changed."
      fileName={fileName}
      table={{
        columns: ["kind", "round", "at", "pass rate", "passed", "failed", "errors", "texts", "judged anew"],
        rows: numbered.map(({ kind, number, at, pass_rate, passed, failed, errors, texts, judged }) => [
          vetKinds[kind].texts,
          number,
          moment(at),
          pass_rate === null ? null : percent(pass_rate),
          passed,
          failed,
          errors,
          texts,
          judged,
        ]),
      }}
    >
      <LazyLines
        label="Pass rate by round"
        xTitle="round"
        yTitle="pass rate"
        series={series}
        yDomain={[0, 1]}
        format={(value) => percent(value)}
      />
    </ChartFrame>
  );
}
