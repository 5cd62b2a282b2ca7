import type { VectorEvaluation } from "#lib/vectors/evaluation.ts";
import type { ModelDiff, SteeredModel } from "../model-diff-api.ts";

export interface DiffFigure {
  name: string;
  /** As people read them, with 95 % CI and n. */
  a: string;
  b: string;
}

const number = (value: number, digits: number) => value.toFixed(digits).replace("-", "−");

function figure(value: number | null, ci: [number, number] | null, digits: number, n?: string): string {
  if (value === null) return "–";
  const range = ci ? ` (${number(ci[0], digits)} to ${number(ci[1], digits)})` : "";
  return `${number(value, digits)}${range}${n ? `, n = ${n}` : ""}`;
}

const separated: [string, (of: VectorEvaluation) => string][] = [
  ["AUROC", (of) => figure(of.val_auroc, of.val_auroc_ci, 3, rows(of))],
  ["balanced accuracy", (of) => figure(of.val_accuracy, of.val_accuracy_ci, 3, rows(of))],
  ["Cohen's d", (of) => figure(of.val_effect_size, of.val_effect_size_ci, 2, rows(of))],
  ["positives project higher", (of) => (of.polarity_correct ? "yes" : "no")],
];

const steered: [string, (of: SteeredModel) => string][] = [
  ["trait, baseline", ({ baseline: of }) => figure(of.trait_mean, of.trait_ci, 1, String(of.n))],
  ["trait, steered", ({ steered: of }) => figure(of.trait_mean, of.trait_ci, 1, String(of.n))],
  ["trait delta", (of) => figure(of.delta, of.delta_ci, 1, String(of.n_questions))],
  ["coherence, baseline", ({ baseline: of }) => figure(of.coherence_mean, null, 1)],
  ["coherence, steered", ({ steered: of }) => figure(of.coherence_mean, null, 1)],
  ["coefficient", (of) => number(of.coef, 2)],
  ["mean norm at the layer", (of) => number(of.base_norm, 2)],
];

function rows({ n_val_pos, n_val_neg }: VectorEvaluation): string {
  return `${n_val_pos} + ${n_val_neg}`;
}

/** Every figure of a comparison, both models beside each other; what was not compared is left out. */
export function diffFigures({ separation, steering }: ModelDiff): DiffFigure[] {
  return [
    ...(separation
      ? separated.map(([name, of]) => ({ name, a: of(separation.a), b: of(separation.b) }))
      : []),
    ...(steering ? steered.map(([name, of]) => ({ name, a: of(steering.a), b: of(steering.b) })) : []),
  ];
}
