import { describe, expect, it } from "vitest";
import type { LinesChart, ReportDocument } from "./document.ts";
import { reportHtml } from "./html.ts";
import { chartSvg } from "./svg.ts";

const table = {
  columns: ["method", "delta"],
  rows: [["a<b", 12.3456789] as (string | number)[], ["c", null]],
};
const lines: LinesChart = {
  kind: "lines",
  title: "Dose",
  hint: "of `x`",
  xTitle: "ratio",
  yTitle: "delta",
  digits: { x: 1, y: 0 },
  threshold: { value: 0, name: "no change" },
  series: [
    {
      name: "mean & diff",
      colour: "accent",
      points: [
        { x: 0.5, y: 12, band: [10, 20], marked: true },
        { x: 1, y: null },
      ],
    },
  ],
  table,
};
const report: ReportDocument = {
  experiment: "e",
  intro: ["Position `response[:]`."],
  summary: table,
  verdict: "1 of 1",
  traits: [
    {
      trait: "demo/sun",
      figures: ["n < 3"],
      flags: [{ name: "rate", value: "1 %", floor: "> 2 %", met: false, recommendation: "write more" }],
      charts: [
        {
          kind: "heatmap",
          title: "Heat",
          hint: "",
          rowTitle: "layer",
          columnTitle: "ratio",
          rows: ["layer 1"],
          columns: ["0.5", "1.0"],
          cells: [
            [
              { value: 12, text: "+12*", description: "delta +12" },
              { value: null, text: "", description: "no data" },
            ],
          ],
          scale: { kind: "diverging", reach: 20 },
          best: { row: 0, column: 0 },
          table,
        },
        lines,
      ],
    },
  ],
  cost: { note: "No stage has been recorded.", table: null },
};

describe("a report as HTML", () => {
  it("is one file: nothing is fetched, no script runs, and every text is escaped", () => {
    const html = reportHtml(report);
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(|href=/);
    expect(html.match(/https?:[^"' )]*/g)).toEqual([
      "http://www.w3.org/2000/svg",
      "http://www.w3.org/2000/svg",
    ]);
    expect(html).toContain("<td>a&lt;b</td><td>12.3457</td>");
    expect(html).toContain("<code>response[:]</code>");
    expect(html).toContain("rate: 1 % (floor &gt; 2 %). What to do: write more.");
  });

  it("shares one table between charts of the same figures", () => {
    const html = reportHtml(report);
    expect(html.match(/<figure>/g)).toHaveLength(2);
    expect(html.match(/<caption>demo\/sun: figures of /g)).toHaveLength(1);
  });
});

describe("a chart as SVG", () => {
  it("stars the best cell and leaves one without data empty", () => {
    const [heatmap] = report.traits[0]?.charts ?? [];
    const svg = heatmap ? chartSvg(heatmap) : "";
    expect(svg).toContain("★ +12*");
    expect(svg).toContain("<title>delta +12 (best)</title>");
    expect(svg).toContain('data-value=""><title>no data</title>');
  });

  it("draws points, strips and round ticks from 0 to 20, and survives a single place", () => {
    const svg = chartSvg(lines);
    expect(svg.match(/<path [^>]*data-value="12"/g)).toHaveLength(1);
    expect(svg).toContain('data-series="mean &amp; diff"');
    for (const tick of [">0<", ">5<", ">20<"]) expect(svg).toContain(tick);
    expect(svg).not.toContain("NaN");
    const [series] = lines.series;
    const single = { ...lines, series: series ? [{ ...series, points: series.points.slice(0, 1) }] : [] };
    expect(chartSvg(single)).not.toContain("NaN");
    expect(chartSvg({ ...lines, series: [], threshold: undefined })).not.toMatch(/NaN|Infinity/);
  });
});
