"use client";
import { Fragment } from "react";
import { DataTable } from "#components/charts/data-table.tsx";
import { NoResults } from "#components/shell/no-results.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { ErrorNote, Skeleton } from "#components/ui/empty.tsx";
import { messageOf } from "#lib/client/request.ts";
import { reportPath, useReport } from "#lib/client/result-queries.ts";
import { AppError } from "#lib/core/errors.ts";
import { type ReportDocument, warningLines } from "#lib/pipeline/report/document.ts";
import { ReportChartFrame } from "./report-chart.tsx";

/** The experiment's report: what came out, what falls short and what to do about it, and what it took. */
export function ReportView({ experiment }: { experiment: string }) {
  const { data, error, isPending, refetch } = useReport(experiment);
  if (isPending) return <Skeleton lines={8} />;
  if (error) {
    const { code, userMessage } = AppError.from(error);
    if (code === "not-found" && userMessage.includes("no results yet")) {
      return <NoReport experiment={experiment} />;
    }
    return (
      <ErrorNote message={messageOf(error)} action={<Button onClick={() => refetch()}>Try again</Button>} />
    );
  }
  return <Report report={data} />;
}

function NoReport({ experiment }: { experiment: string }) {
  return (
    <NoResults experiment={experiment} title="Nothing to report yet">
      When a run has ended, this page says what came out, which figures miss their floor, and what to do.
    </NoResults>
  );
}

function Report({ report }: { report: ReportDocument }) {
  const { experiment, intro, summary, verdict, traits, cost } = report;
  const path = reportPath(experiment);
  return (
    <div className="space-y-4">
      <div className="print-none flex flex-wrap gap-2">
        <Button asChild>
          <a href={`${path}?format=md`} download={`${experiment}-report.md`}>
            Markdown
          </a>
        </Button>
        <Button asChild>
          <a href={`${path}?format=html`} download={`${experiment}-report.html`}>
            Printable HTML
          </a>
        </Button>
        <Button onClick={() => print()}>Print</Button>
      </div>
      <Card title="Results">
        {intro.map((paragraph) => (
          <p key={paragraph} className="mb-2 max-w-prose text-sm">
            <Inline text={paragraph} />
          </p>
        ))}
        <DataTable whole caption="Results by trait" table={summary} />
        <p className="mt-2 text-sm">{verdict}</p>
      </Card>
      {traits.map((trait) => (
        <TraitReport key={trait.trait} experiment={experiment} report={trait} />
      ))}
      <Card title="Time and cost" hint={cost.note}>
        {cost.table && <DataTable whole caption="Time and cost by trait" table={cost.table} />}
      </Card>
    </div>
  );
}

function TraitReport({
  experiment,
  report: { trait, figures, flags, charts },
}: {
  experiment: string;
  report: ReportDocument["traits"][number];
}) {
  const warnings = warningLines(flags);
  const missed = warnings.length;
  return (
    <>
      <Card
        title={trait}
        actions={
          flags.length > 0 && (
            <Badge tone={missed === 0 ? "good" : "warn"}>
              {missed === 0 ? "✓ every floor is met" : `! ${missed} of ${flags.length} floors missed`}
            </Badge>
          )
        }
      >
        <ul className="mb-3 list-disc space-y-0.5 pl-5 text-sm">
          {figures.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        {flags.length > 0 && (
          <DataTable
            whole
            caption={`Quality of ${trait}`}
            table={{
              columns: ["figure", "measured", "floor", "verdict"],
              rows: flags.map(({ name, value, floor, met }) => [
                name,
                value,
                floor,
                met ? "✓ met" : "! missed",
              ]),
            }}
          />
        )}
        {warnings.length > 0 && (
          <>
            <h3 className="mt-3 font-medium text-sm">Warnings</h3>
            <ul className="list-disc space-y-0.5 pl-5 text-sm text-warn">
              {warnings.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </>
        )}
      </Card>
      <div className="grid gap-4 xl:grid-cols-2">
        {charts.map((chart) => (
          <ReportChartFrame
            key={chart.title}
            chart={chart}
            fileName={`${experiment}-${trait.replace("/", "-")}-${chart.title.toLowerCase().replace(/\W+/g, "-")}`}
          />
        ))}
      </div>
    </>
  );
}

/** Text in which a part between backticks is code. */
function Inline({ text }: { text: string }) {
  return text.split("`").map((part, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a fixed text have no other name
    at % 2 === 1 ? <code key={at}>{part}</code> : <Fragment key={at}>{part}</Fragment>,
  );
}
