"use client";
import { Download } from "lucide-react";
import { useState } from "react";
import { ChartFrame } from "#components/charts/frame.tsx";
import { LazyScatter } from "#components/charts/lazy-scatter.tsx";
import { type ChartTable, toCsv } from "#components/charts/table.ts";
import { signed, whole } from "#components/format.ts";
import { saveBlob } from "#components/save-file.ts";
import { ColouredText, ColourKey, reachOf } from "#components/tokens/coloured-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { SelectField } from "#components/ui/field.tsx";
import type { ProjectedRow } from "#lib/chat/api.ts";
import { formatVectorName, type VectorName } from "#lib/chat/steering-choice.ts";
import type { MonitoredText } from "./texts.ts";

/** Texts with what was read of them. */
export interface Reading {
  vectors: VectorName[];
  texts: MonitoredText[];
  rows: ProjectedRow[];
}

/** Texts shown at once: the whole is in the CSV. */
const SHOWN = 100;
const signs = { positive: "+", negative: "−" } as const;

export function MonitorResults({ reading }: { reading: Reading }) {
  const { vectors, texts, rows } = reading;
  const [place, setPlace] = useState(0);
  const [order, setOrder] = useState<"given" | "high" | "low">("given");
  const by = Math.min(place, vectors.length - 1);
  const meanOf = (row: number) => rows[row]?.means[by] ?? null;
  const places = texts.map((_, row) => row);
  if (order !== "given") {
    const lowest = order === "high" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    places.sort((a, b) => {
      const difference = (meanOf(a) ?? lowest) - (meanOf(b) ?? lowest);
      return order === "high" ? -difference : difference;
    });
  }
  const reach = reachOf(rows.flatMap(({ projections }) => projections[by] ?? []));
  const what = `projection on ${vectors[by]?.trait}, layer ${vectors[by]?.layer}`;
  return (
    <div className="grid min-w-0 gap-4">
      <Means reading={reading} by={by} />
      <Card
        title={`${whole(texts.length)} texts`}
        hint="Means over each text's tokens; tokens are coloured by their own projection."
        actions={
          <>
            <Button onClick={() => save(perText(reading), "projections-by-text.csv")}>
              <Download size={14} aria-hidden /> CSV by text
            </Button>
            <Button onClick={() => save(perToken(reading), "projections-by-token.csv")}>
              <Download size={14} aria-hidden /> CSV by token
            </Button>
          </>
        }
      >
        <div className="mb-3 grid gap-3 sm:max-w-xl sm:grid-cols-2">
          <SelectField
            label="Colour by"
            value={by}
            onChange={(event) => setPlace(Number(event.target.value))}
          >
            {vectors.map((vector, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a vector may be chosen twice; its place is what it is
              <option key={at} value={at}>
                vector {at + 1}: {vector.trait}, layer {vector.layer}
              </option>
            ))}
          </SelectField>
          <SelectField
            label="Order"
            value={order}
            onChange={(event) =>
              setOrder(
                (["given", "high", "low"] as const).find((one) => one === event.target.value) ?? "given",
              )
            }
          >
            <option value="given">as given</option>
            <option value="high">highest first</option>
            <option value="low">lowest first</option>
          </SelectField>
        </div>
        <ColourKey reach={reach} what={what} />
        <ol className="mt-2 divide-y" aria-label="Projected texts">
          {places.slice(0, SHOWN).map((row) => {
            const side = texts[row]?.side ?? null;
            return (
              <li key={row} className="grid gap-1 py-2">
                <p className="flex flex-wrap gap-3 text-muted text-xs">
                  <span>
                    {row + 1}
                    {side && ` (${signs[side]})`}
                  </span>
                  {vectors.map((vector, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: as above
                    <span key={at} data-mean={rows[row]?.means[at] ?? ""}>
                      {vector.trait.split("/").at(-1)}, layer {vector.layer}:{" "}
                      {signed(rows[row]?.means[at], 2)}
                    </span>
                  ))}
                  <span>{rows[row]?.tokens.length ?? 0} tokens</span>
                </p>
                <ColouredText
                  tokens={rows[row]?.tokens ?? []}
                  values={rows[row]?.projections[by] ?? []}
                  reach={reach}
                  what={what}
                />
              </li>
            );
          })}
        </ol>
        {texts.length > SHOWN && (
          <p className="text-muted text-sm">
            The first {SHOWN} of {whole(texts.length)}; all are in the CSV.
          </p>
        )}
      </Card>
    </div>
  );
}

/** Mean against mean where there are two vectors, else against the text's number. */
function Means({ reading: { vectors, texts, rows }, by }: { reading: Reading; by: number }) {
  const other = vectors.length > 1 ? (by === 0 ? 1 : 0) : null;
  const titleOf = (at: number) => `mean on ${vectors[at]?.trait}, layer ${vectors[at]?.layer}`;
  const points = texts.flatMap(({ text, side }, row) => {
    const x = rows[row]?.means[by];
    const y = other === null ? row + 1 : rows[row]?.means[other];
    if (x == null || y == null) return [];
    return [{ x, y, side, description: `${signed(x, 2)}: ${text.slice(0, 80)}` }];
  });
  const groups = [
    { side: "positive", name: "positive", glyph: "+", colour: "var(--color-positive)" },
    { side: "negative", name: "negative", glyph: "−", colour: "var(--color-negative)" },
    { side: null, name: "texts", glyph: "⊕", colour: "var(--color-accent)" },
  ] as const;
  const yTitle = other === null ? "text number" : titleOf(other);
  return (
    <ChartFrame
      title="Means of the texts"
      hint={`n = ${points.length} texts`}
      fileName="projections-means"
      table={{
        columns: ["text", titleOf(by), ...(other === null ? [] : [yTitle])],
        rows: texts.map(({ text }, row) => [
          text,
          rows[row]?.means[by] ?? null,
          ...(other === null ? [] : [rows[row]?.means[other] ?? null]),
        ]),
      }}
    >
      <LazyScatter
        label="Mean projection of each text"
        xTitle={titleOf(by)}
        yTitle={yTitle}
        groups={groups
          .map(({ side, ...group }) => ({ ...group, points: points.filter((point) => point.side === side) }))
          .filter((group) => group.points.length > 0)}
        format={(value) => String(Math.round(value * 100) / 100)}
      />
    </ChartFrame>
  );
}

function perText({ vectors, texts, rows }: Reading): ChartTable {
  return {
    columns: ["text", "side", "tokens", ...vectors.map(formatVectorName)],
    rows: texts.map(({ text, side }, row) => [
      text,
      side,
      rows[row]?.tokens.length ?? 0,
      ...vectors.map((_, at) => rows[row]?.means[at] ?? null),
    ]),
  };
}

function perToken({ vectors, rows }: Reading): ChartTable {
  return {
    columns: ["text", "position", "token", ...vectors.map(formatVectorName)],
    rows: rows.flatMap(({ tokens, projections }, row) =>
      tokens.map((token, at) => [row + 1, at, token, ...vectors.map((_, v) => projections[v]?.[at] ?? null)]),
    ),
  };
}

function save(table: ChartTable, name: string): void {
  saveBlob(new Blob([toCsv(table)], { type: "text/csv" }), name);
}
