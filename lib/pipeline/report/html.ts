import {
  flagTable,
  type ReportChart,
  type ReportDocument,
  type ReportTable,
  warningLines,
} from "./document.ts";
import { element, escapeMarkup } from "./markup.ts";
import { chartSvg } from "./svg.ts";

// The page's light palette: a report is printed.
const style = `
:root{color-scheme:light;--color-surface:#fff;--color-line:#dcdcd6;--color-ink:#1b1d20;--color-muted:#5a5f66;
--color-accent:#0f6b63;--color-positive:#2563eb;--color-negative:#b4530a;--color-good:#177245;--color-warn:#8a5a00;--color-nodata:#e6e6e1}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{margin:2rem auto;padding:0 1.25rem;max-width:60rem;background:#fff;color:var(--color-ink);
font:15px/1.5 ui-sans-serif,system-ui,"Segoe UI",Roboto,Arial,sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:1.6rem}h2{margin-top:2rem;border-bottom:1px solid var(--color-line)}h3{margin:1.25rem 0 0;font-size:1rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.8rem}
th,td{border-bottom:1px solid var(--color-line);padding:.15rem .5rem .15rem 0;text-align:left;vertical-align:top}
caption{text-align:left;color:var(--color-muted);padding:.25rem 0}
figure{margin:1rem 0}figcaption{color:var(--color-muted);font-size:.85rem}figcaption strong{color:var(--color-ink)}
.missed{font-weight:700}
@page{margin:16mm}
@media print{body{margin:0;max-width:none;padding:0;font-size:11px}h2,h3{break-after:avoid}figure,tr{break-inside:avoid}.scroll{overflow:visible}}
`;

/** The report as one HTML file: charts as SVG, a table for each, no script, nothing fetched from anywhere. */
export function reportHtml(report: ReportDocument): string {
  const { experiment, intro, summary, verdict, traits, cost } = report;
  const name = escapeMarkup(experiment);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${name} · report</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Experiment ${name}</h1>
${intro.map((paragraph) => element("p", {}, [inline(paragraph)])).join("\n")}
<h2>Results</h2>
${table(summary, "Results by trait")}
<p>${inline(verdict)}</p>
${traits.map(traitSection).join("\n")}
<h2>Time and cost</h2>
<p>${inline(cost.note)}</p>
${cost.table ? table(cost.table, "Time and cost by trait") : ""}
</main>
</body>
</html>
`;
}

function traitSection({ trait, figures, flags, charts }: ReportDocument["traits"][number]): string {
  const list = (lines: readonly string[]) =>
    element(
      "ul",
      {},
      lines.map((line) => element("li", {}, [inline(line)])),
    );
  const warnings = warningLines(flags);
  return [
    element("h2", {}, [escapeMarkup(trait)]),
    figures.length > 0 ? list(figures) : "",
    flags.length > 0 ? table(flagTable(flags, "missed"), `Quality of ${trait}`, "missed") : "",
    warnings.length > 0 ? `<h3>Warnings</h3>${list(warnings)}` : "",
    charts.length > 0 ? "<h3>Charts</h3>" : "",
    ...charts.map((chart, at) => chartFigure(chart, charts[at + 1], trait)),
  ].join("\n");
}

/** Charts that follow each other and show the same figures share one table, under the last. */
function chartFigure(chart: ReportChart, next: ReportChart | undefined, trait: string): string {
  const shared = next !== undefined && JSON.stringify(next.table) === JSON.stringify(chart.table);
  return (
    element("figure", {}, [
      element("figcaption", {}, [`<strong>${escapeMarkup(chart.title)}</strong> ${inline(chart.hint)}`]),
      chartSvg(chart),
    ]) + (shared ? "" : table(chart.table, `${trait}: figures of ${chart.title} and what is above it`))
  );
}

/** @param marked cells of this text are set apart */
function table({ columns, rows }: ReportTable, caption: string, marked?: string): string {
  const head = columns.map((column) =>
    column === "" ? "<td></td>" : element("th", { scope: "col" }, [escapeMarkup(column)]),
  );
  const body = rows.map((cells) =>
    element(
      "tr",
      {},
      cells.map((value) =>
        element("td", { class: value !== null && value === marked ? "missed" : undefined }, [
          escapeMarkup(cellText(value)),
        ]),
      ),
    ),
  );
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escapeMarkup(caption)}"><table><caption>${escapeMarkup(caption)}</caption><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

/** Figures are given to six digits: enough to compute with, short enough to read. */
export function cellText(value: string | number | null): string {
  if (value === null) return "–";
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : value;
}

/** Text in which a part between backticks is code. */
function inline(text: string): string {
  return escapeMarkup(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}
