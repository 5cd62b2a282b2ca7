import { decimal, percent } from "#components/format.ts";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Facts } from "#components/ui/facts.tsx";
import type { EvaluationFile, EvaluationRow } from "#lib/pipeline/results.ts";
import type { VectorDetail as Detail } from "#lib/pipeline/vectors-api.ts";

export interface VectorDetailProps {
  row: EvaluationRow;
  rows: EvaluationRow[];
  file: EvaluationFile;
  best: EvaluationRow | null;
  /** What its files say; undefined until it is there. */
  detail: Detail | undefined;
}

/** One vector's figures, and whether chance could have given them. */
export function VectorDetail({ row, rows, file, best, detail }: VectorDetailProps) {
  const random = rows.find(({ method, layer }) => method === "random" && layer === row.layer);
  const overlaps =
    row.method !== "random" && row.val_auroc_ci && random?.val_auroc_ci
      ? row.val_auroc_ci[0] <= random.val_auroc_ci[1]
      : null;
  const activationNorm = file.activation_norms[String(row.layer)];
  const facts: [string, string][] = [
    ["AUROC", `${decimal(row.val_auroc, 3)} ${interval(row.val_auroc_ci, (x) => decimal(x, 3))}`],
    ["Balanced accuracy", `${percent(row.val_accuracy)} ${interval(row.val_accuracy_ci, percent)}`],
    ["Cohen's d", `${decimal(row.val_effect_size)} ${interval(row.val_effect_size_ci, decimal)}`],
    ["Combined score", decimal(row.combined_score, 3)],
    ["Held-out rows", `${row.n_val_pos} positive, ${row.n_val_neg} negative`],
    ["Position, component", `${row.position}, ${row.component}`],
    ...(row.norm === undefined ? [] : [["Norm of the raw vector", decimal(row.norm, 3)] as [string, string]]),
    ...(typeof activationNorm === "number"
      ? [["Mean norm of the activations", decimal(activationNorm, 3)] as [string, string]]
      : []),
    ...(detail ? factsOf(detail) : []),
  ];
  return (
    <Card
      title={`${row.method}, layer ${row.layer}`}
      hint="Positives project higher on the stored unit vector."
      actions={
        <>
          {row === best && <Badge tone="good">★ best by combined score</Badge>}
          {!row.polarity_correct && <Badge tone="bad">✕ wrong direction on held-out rows</Badge>}
          {overlaps === true && <Badge tone="warn">! not separable from a random direction</Badge>}
          {overlaps === false && <Badge tone="good">✓ clear of the random direction</Badge>}
        </>
      }
    >
      <Facts facts={facts} className="gap-x-6 gap-y-2 text-sm sm:grid-cols-2 lg:grid-cols-4" />
    </Card>
  );
}

function factsOf(detail: Detail): [string, string][] {
  const { threshold, unitRows, bias, baseline, hidden, source, rows } = detail;
  const training = rows.filter(({ split }) => split === "train");
  const positive = training.filter(({ label }) => label === 1).length;
  return [
    ["Threshold", `${decimal(threshold, 4)} ${unitRows ? "on (a·v)/‖a‖" : "on a·v"}`],
    ["Bias of the method", bias === null ? "none" : decimal(bias, 4)],
    ["Mean training projection", decimal(baseline, 3)],
    ["Training rows", `${positive} positive, ${training.length - positive} negative`],
    ["Width", `${hidden} dimensions`],
    ...(source ? [["Made from", originOf(source)] as [string, string]] : []),
  ];
}

function originOf(source: NonNullable<Detail["source"]>): string {
  if (source.kind === "combination") return source.recipe;
  return `${source.format}: ${source.files.map(({ name }) => name).join(", ")}`;
}

function interval(ci: [number, number] | null | undefined, format: (value: number) => string): string {
  return ci ? `(95 % CI ${format(ci[0])} to ${format(ci[1])})` : "";
}
