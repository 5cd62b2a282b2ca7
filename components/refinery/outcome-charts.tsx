"use client";
import { Bars } from "#components/charts/bars.tsx";
import { ChartFrame } from "#components/charts/frame.tsx";
import { percent, whole } from "#components/format.ts";
import type { RefineryOverview } from "#lib/refinery/api.ts";
import type { RejectionReason } from "#lib/refinery/reasons.ts";
import { reasonWords, stepWords } from "./words.ts";

/** How far records came, and what the rejected were rejected for. */
export function OutcomeCharts({ build, overview }: { build: string; overview: RefineryOverview }) {
  const { funnel, reasons, critique_reject, missing_draft } = overview;
  const planned = funnel[0]?.n ?? 0;
  const steps = funnel.map(({ name, n }) => ({
    name: stepWords[name] ?? name,
    n,
    note: percent(planned === 0 ? null : n / planned),
  }));
  const rejected = reasons.map(({ name, n }) => ({ name: reasonWords[name as RejectionReason], n }));
  const skipped = `${whole(critique_reject)} rejected by their critique, ${whole(missing_draft)} without a draft`;
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <ChartFrame
        title="From planned to accepted"
        hint={`Share of the ${whole(planned)} planned records; ${skipped}.`}
        fileName={`${build}-funnel`}
        table={{ columns: ["step", "records"], rows: funnel.map(({ name, n }) => [name, n]) }}
      >
        <Bars label="From planned to accepted" unit="records" bars={steps} />
      </ChartFrame>
      <ChartFrame
        title="Why records are rejected"
        hint="A record may be rejected for several reasons."
        fileName={`${build}-reasons`}
        table={{ columns: ["reason", "records"], rows: reasons.map(({ name, n }) => [name, n]) }}
      >
        {rejected.length === 0 ? (
          <p className="text-muted text-sm">Nothing is rejected.</p>
        ) : (
          <Bars
            label="Why records are rejected"
            unit="records"
            bars={rejected}
            colour="var(--color-negative)"
          />
        )}
      </ChartFrame>
    </div>
  );
}
