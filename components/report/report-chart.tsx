"use client";
import { ChartFrame } from "#components/charts/frame.tsx";
import type { ReportChart } from "#lib/pipeline/report/document.ts";
import { chartSvg } from "#lib/pipeline/report/svg.ts";

/** A report's chart, drawn as in the printable file. */
export function ReportChartFrame({ chart, fileName }: { chart: ReportChart; fileName: string }) {
  return (
    <ChartFrame title={chart.title} hint={chart.hint} fileName={fileName} table={chart.table}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="overflow-x-auto" tabIndex={0} aria-label={`${chart.title}, scrollable`}>
        <figure
          className={chart.kind === "lines" ? "min-w-[480px]" : undefined}
          // biome-ignore lint/security/noDangerouslySetInnerHtml: made here, with every text in it escaped
          dangerouslySetInnerHTML={{ __html: chartSvg(chart) }}
        />
      </section>
    </ChartFrame>
  );
}
