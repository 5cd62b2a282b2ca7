import { decimal, percent } from "#components/format.ts";
import type { Scale } from "#lib/core/colour-scale.ts";
import type { EvaluationRow } from "#lib/pipeline/results.ts";

export interface Metric {
  id: string;
  title: string;
  hint: string;
  value(row: EvaluationRow): number | null;
  interval(row: EvaluationRow): [number, number] | null;
  format(value: number): string;
  /** Colour range, given the greatest value shown. */
  scale(highest: number): Scale;
  domain?: [number, number];
}

// Half is what guessing gives, so the colours begin there.
const fromChance: Scale = { kind: "sequential", low: 0.5, high: 1 };

export const metrics: readonly Metric[] = [
  {
    id: "auroc",
    title: "AUROC",
    hint: "How often a held-out positive projects higher than a held-out negative; 0.5 is chance.",
    value: (row) => row.val_auroc,
    interval: (row) => row.val_auroc_ci,
    format: (value) => decimal(value, 3),
    scale: () => fromChance,
    domain: [0, 1],
  },
  {
    id: "accuracy",
    title: "Balanced accuracy",
    hint: "Held-out rows on the right side of a threshold fitted on training rows; 50 % is chance.",
    value: (row) => row.val_accuracy,
    interval: (row) => row.val_accuracy_ci,
    format: (value) => percent(value),
    scale: () => fromChance,
    domain: [0, 1],
  },
  {
    id: "effect",
    title: "Cohen's d",
    hint: "Distance of the two sides' held-out projections in pooled standard deviations.",
    value: (row) => row.val_effect_size,
    interval: (row) => row.val_effect_size_ci ?? null,
    format: (value) => decimal(value, 2),
    scale: (highest) => ({ kind: "sequential", low: 0, high: Math.max(highest, 1) }),
  },
  {
    id: "combined",
    title: "Combined score",
    hint: "Mean of accuracy and d relative to the trait's greatest d; what “best” is chosen by.",
    value: (row) => row.combined_score,
    interval: () => null,
    format: (value) => decimal(value, 3),
    scale: () => ({ kind: "sequential", low: 0, high: 1 }),
    domain: [0, 1],
  },
];

// Order and colour of the methods are the same in every chart; random is the floor.
const methodColours: Record<string, string> = {
  mean_diff: "var(--color-accent)",
  probe: "var(--color-positive)",
  gradient: "var(--color-negative)",
  pca: "var(--color-good)",
  random: "var(--color-muted)",
};

// Of vectors that a person brought or made: by their names, so that a colour stays when others come.
const ownColours = ["warn", "bad", "ink"].map((name) => `var(--color-${name})`);

export function colourOf(method: string): string {
  const known = methodColours[method];
  if (known !== undefined) return known;
  const sum = [...method].reduce((total, character) => total + (character.codePointAt(0) ?? 0), 0);
  return ownColours[sum % ownColours.length] ?? "var(--color-warn)";
}

/** Methods of these rows in a fixed order, random last. */
export function methodsOf(rows: readonly EvaluationRow[]): string[] {
  const order = Object.keys(methodColours);
  const place = (method: string) => (order.includes(method) ? order.indexOf(method) : order.length - 1.5);
  return [...new Set(rows.map(({ method }) => method))].sort((a, b) => place(a) - place(b));
}

export function layersOf(rows: readonly EvaluationRow[]): number[] {
  return [...new Set(rows.map(({ layer }) => layer))].sort((a, b) => a - b);
}

/** The row with the highest combined score; the random direction never competes. */
export function bestRow(rows: readonly EvaluationRow[]): EvaluationRow | null {
  let best: EvaluationRow | null = null;
  for (const row of rows) {
    if (row.method === "random" || row.combined_score === null) continue;
    if (best?.combined_score == null || row.combined_score > best.combined_score) best = row;
  }
  return best;
}
