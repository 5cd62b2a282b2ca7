import { z } from "zod";

// A report as data, from which Markdown, HTML and the page are made. GET /api/experiments/{exp}/report?format=json

const tableSchema = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
});
export type ReportTable = z.infer<typeof tableSchema>;

const placeSchema = z.object({ row: z.number(), column: z.number() });

const heatmapSchema = z.object({
  kind: z.literal("heatmap"),
  title: z.string(),
  hint: z.string(),
  rowTitle: z.string(),
  columnTitle: z.string(),
  rows: z.array(z.string()),
  columns: z.array(z.string()),
  /** [row][column]; without a value: no data. */
  cells: z.array(
    z.array(z.object({ value: z.number().nullable(), text: z.string(), description: z.string() })),
  ),
  scale: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("sequential"), low: z.number(), high: z.number() }),
    z.object({ kind: z.literal("diverging"), reach: z.number() }),
  ]),
  best: placeSchema.optional(),
  table: tableSchema,
});
export type HeatmapChart = z.infer<typeof heatmapSchema>;

const linesSchema = z.object({
  kind: z.literal("lines"),
  title: z.string(),
  hint: z.string(),
  xTitle: z.string(),
  yTitle: z.string(),
  series: z.array(
    z.object({
      name: z.string(),
      /** A colour of the palette: `accent`. */
      colour: z.string(),
      dashed: z.boolean().optional(),
      points: z.array(
        z.object({
          x: z.number(),
          y: z.number().nullable(),
          band: z.tuple([z.number(), z.number()]).optional(),
          /** Drawn as a diamond. */
          marked: z.boolean().optional(),
        }),
      ),
    }),
  ),
  /** Decimals of the labels. */
  digits: z.object({ x: z.number(), y: z.number() }),
  yDomain: z.tuple([z.number(), z.number()]).optional(),
  threshold: z.object({ value: z.number(), name: z.string() }).optional(),
  table: tableSchema,
});
export type LinesChart = z.infer<typeof linesSchema>;

const chartSchema = z.discriminatedUnion("kind", [heatmapSchema, linesSchema]);
export type ReportChart = z.infer<typeof chartSchema>;

const flagSchema = z.object({
  name: z.string(),
  value: z.string(),
  floor: z.string(),
  met: z.boolean(),
  recommendation: z.string(),
});

export const reportDocumentSchema = z.object({
  experiment: z.string(),
  /** Paragraphs; a part between backticks is code. */
  intro: z.array(z.string()),
  summary: tableSchema,
  verdict: z.string(),
  traits: z.array(
    z.object({
      trait: z.string(),
      figures: z.array(z.string()),
      flags: z.array(flagSchema),
      charts: z.array(chartSchema),
    }),
  ),
  cost: z.object({ note: z.string(), table: tableSchema.nullable() }),
});
export type ReportDocument = z.infer<typeof reportDocumentSchema>;

/** Head and rows of a trait's quality flags; the last cell says whether the floor is met. */
export function flagTable(flags: ReportDocument["traits"][number]["flags"], missed: string): ReportTable {
  return {
    columns: ["figure", "measured", "floor", ""],
    rows: flags.map(({ name, value, floor, met }) => [name, value, floor, met ? "met" : missed]),
  };
}

/** One line for each floor that is missed. */
export function warningLines(flags: ReportDocument["traits"][number]["flags"]): string[] {
  return flags
    .filter(({ met }) => !met)
    .map(
      ({ name, value, floor, recommendation }) =>
        `${name}: ${value} (floor ${floor}). What to do: ${recommendation}.`,
    );
}
