"use client";
import { Download, Maximize2, Table2 } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { saveBlob } from "#components/save-file.ts";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { DataTable } from "./data-table.tsx";
import { svgToPng, svgToText } from "./svg-image.ts";
import { type ChartTable, toCsv } from "./table.ts";

interface ChartFrameProps {
  title: string;
  hint: ReactNode;
  /** Base name of the downloaded files. */
  fileName: string;
  table: ChartTable;
  /** What chooses the data; stays beside the table, too. */
  controls?: ReactNode;
  children: ReactNode;
}

/** What every chart has: a title, a table of its numbers, full screen, and CSV, SVG and PNG to take away. */
export function ChartFrame({ title, hint, fileName, table, controls, children }: ChartFrameProps) {
  const [asTable, setAsTable] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const withSvg = (use: (svg: SVGSVGElement) => void) => {
    const svg = body.current?.querySelector<SVGSVGElement>(
      "svg[data-chart], .recharts-wrapper > .recharts-surface",
    );
    if (svg) use(svg);
  };
  return (
    <Card
      title={title}
      hint={hint}
      actions={
        <>
          <Button look="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            <Table2 size={16} aria-hidden /> Table
          </Button>
          <Button
            look="quiet"
            aria-label={`Download ${title} as CSV`}
            onClick={() => saveBlob(new Blob([toCsv(table)], { type: "text/csv" }), `${fileName}.csv`)}
          >
            <Download size={16} aria-hidden /> CSV
          </Button>
          {!asTable && (
            <>
              <Button
                look="quiet"
                aria-label={`Download ${title} as SVG`}
                onClick={() =>
                  withSvg((svg) =>
                    saveBlob(new Blob([svgToText(svg)], { type: "image/svg+xml" }), `${fileName}.svg`),
                  )
                }
              >
                SVG
              </Button>
              <Button
                look="quiet"
                aria-label={`Download ${title} as PNG`}
                onClick={() =>
                  withSvg((svg) => void svgToPng(svg).then((png) => saveBlob(png, `${fileName}.png`)))
                }
              >
                PNG
              </Button>
              <Button
                look="quiet"
                aria-label={`Show ${title} full screen`}
                onClick={() => void body.current?.requestFullscreen()}
              >
                <Maximize2 size={16} aria-hidden />
              </Button>
            </>
          )}
        </>
      }
    >
      {controls}
      <div ref={body} className="bg-surface fullscreen:p-8">
        {asTable ? <DataTable caption={title} table={table} /> : children}
      </div>
    </Card>
  );
}
