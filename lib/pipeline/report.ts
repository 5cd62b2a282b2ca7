import { formatTraitId, parseTraitId } from "#lib/core/names.ts";
import type { JudgeTransport } from "#lib/judge/contract.ts";
import { agreementNote } from "#lib/judge/warnings.ts";
import type { ResolvedConfig } from "./config.ts";
import { parseEvaluationFile } from "./evaluation-rows.ts";
import { evaluationPath } from "./paths.ts";
import type { PipelinePorts } from "./ports.ts";
import { type QualityFlag, qualityFlags } from "./quality.ts";
import { steeringCharts, vectorCharts } from "./report/charts.ts";
import type { ReportDocument, ReportTable } from "./report/document.ts";
import { reportMarkdown } from "./report/markdown.ts";
import type { EvaluationRow, SteeringFile } from "./results.ts";
import { stageNames } from "./stages.ts";
import { summariseTrait, type TraitSummary, traitsWithResults } from "./trait-summary.ts";

export interface ExperimentReport {
  experiment: string;
  traits: (TraitSummary & { flags: QualityFlag[] })[];
  document: ReportDocument;
  markdown: string;
}

/**
 * The experiment's report from its files alone, for every trait that has results.
 * @param agreement what was measured of the judge, where Tiller runs it
 * Throws `invalid-file` for a damaged file.
 */
export async function buildReport(
  experiment: string,
  config: ResolvedConfig,
  { artifacts }: Pick<PipelinePorts, "artifacts">,
  agreement?: JudgeTransport["agreement"],
): Promise<ExperimentReport> {
  const text = await artifacts.readText(evaluationPath(experiment));
  const evaluations = text === null ? [] : parseEvaluationFile(text, evaluationPath(experiment)).all_results;
  const traits = [];
  for (const id of await traitsWithResults(artifacts, experiment)) {
    const summary = await summariseTrait(artifacts, experiment, id, config);
    traits.push({ ...summary, trait: formatTraitId(id), flags: qualityFlags(summary) });
  }
  const document = reportDocument(experiment, config, traits, { evaluations, agreement });
  return { experiment, traits, document, markdown: reportMarkdown(document) };
}

type Reported = ExperimentReport["traits"][number];

interface ReportSources {
  evaluations: readonly EvaluationRow[];
  agreement: JudgeTransport["agreement"];
}

function reportDocument(
  experiment: string,
  config: ResolvedConfig,
  traits: readonly Reported[],
  { evaluations, agreement }: ReportSources,
): ReportDocument {
  const { judge_model, judge_device, position, component } = config;
  const judge =
    config.judge === "builtin"
      ? `the built-in judge (model ${judge_model}, on ${judge_device})`
      : judge_model;
  const judged = traits.map(({ trait }) => parseTraitId(trait).trait);
  return {
    experiment,
    intro: [
      `Extraction model ${config.extraction_model}${config.base_model ? " (base mode)" : ""}, application model ${config.application_model}. ` +
        `Position \`${position}\`, component ${component}, seed ${config.seed}. Judged by ${judge}.`,
      ...(agreement === undefined ? [] : [`On the ${agreementNote(judge_model, agreement, judged)}.`]),
    ],
    summary: summaryTable(traits),
    verdict: verdictLine(traits),
    traits: traits.map((reported) => ({
      trait: reported.trait,
      figures: figureLines(reported),
      flags: reported.flags,
      charts: [
        ...vectorCharts(
          evaluations.filter(
            (row) => row.trait === reported.trait && row.position === position && row.component === component,
          ),
          reported.best,
        ),
        ...(reported.steering ? steeringCharts(reported.steering) : []),
      ],
    })),
    cost: costOf(traits),
  };
}

function verdictLine(traits: readonly Reported[]): string {
  const clean = traits.filter(({ flags }) => flags.length > 0 && flags.every(({ met }) => met)).length;
  return `${clean} of ${traits.length} traits meet every floor that was measured.`;
}

function summaryTable(traits: readonly Reported[]): ReportTable {
  const columns = [
    "trait",
    "scenarios pass",
    "responses pass",
    "vectors",
    "best vector",
    "validation",
    "steering",
    "random band",
  ];
  return {
    columns,
    rows: traits.map((trait) => [
      trait.trait,
      percent(trait.scenarios?.pass_rate),
      percent(trait.responses?.pass_rate),
      String(trait.vectors),
      trait.best ? `${trait.best.method}, layer ${trait.best.layer}` : "–",
      trait.best
        ? `accuracy ${percent(trait.best.val_accuracy)}, AUROC ${number(trait.best.val_auroc, 3)}`
        : "–",
      steeringCell(trait.steering),
      trait.bestBand ? `${number(trait.bestBand.low)} to ${number(trait.bestBand.high)}` : "–",
    ]),
  };
}

function steeringCell(steering: SteeringFile | null): string {
  const best = steering?.best;
  if (!best) return "–";
  if (!best.coherent) return `no coherent setting (best coherence ${number(best.coherence)})`;
  const interval = deltaInterval(best);
  return `${signed(best.delta)}${interval} at coherence ${number(best.coherence)} (${best.method}, layer ${best.layer}, ratio ${best.coef_ratio})`;
}

function deltaInterval({ delta_ci }: NonNullable<SteeringFile["best"]>): string {
  if (!Array.isArray(delta_ci)) return "";
  const [low, high] = delta_ci;
  return typeof low === "number" && typeof high === "number" ? ` [${number(low)}, ${number(high)}]` : "";
}

function figureLines(trait: Reported): string[] {
  return [
    vettingLine("Scenarios", trait.scenarios),
    vettingLine("Responses", trait.responses),
    trait.best
      ? `Best vector: ${trait.best.method} at layer ${trait.best.layer}: balanced accuracy ${percent(trait.best.val_accuracy)}${interval(trait.best.val_accuracy_ci, 100)}, ` +
        `AUROC ${number(trait.best.val_auroc, 3)}${interval(trait.best.val_auroc_ci, 1, 3)}, effect size d ${number(trait.best.val_effect_size, 2)}, ` +
        `on ${trait.best.n_val_pos} positive and ${trait.best.n_val_neg} negative held-out responses.`
      : "",
    steeringLine(trait),
  ].filter((line) => line !== "");
}

function vettingLine(name: string, summary: TraitSummary["scenarios"]): string {
  if (!summary) return "";
  const { positive_passed, positive_failed, negative_passed, negative_failed, errors } = summary;
  return (
    `${name}: ${percent(summary.pass_rate)} pass (positive ${positive_passed} of ${positive_passed + positive_failed}, ` +
    `negative ${negative_passed} of ${negative_passed + negative_failed}${errors > 0 ? `; ${errors} without a score` : ""}); ` +
    `mean scores ${number(summary.positive_mean)} and ${number(summary.negative_mean)}.`
  );
}

function steeringLine({ steering, bestBand }: Reported): string {
  if (!steering) return "";
  const { best, baseline, runs } = steering;
  const base = `unsteered trait score ${number(baseline.trait_mean)}, coherence ${number(baseline.coherence_mean)}`;
  if (!best) return `Steering: ${runs.length} settings, none of which could be judged; ${base}.`;
  const band = bestBand
    ? ` ${bestBand.n} random vectors of the same length moved it by ${number(bestBand.low)} to ${number(bestBand.high)}.`
    : "";
  if (!best.coherent) {
    return `Steering: no setting of ${runs.length} kept the text coherent; the most coherent (layer ${best.layer}, ratio ${best.coef_ratio}) reached ${number(best.coherence)} with a delta of ${signed(best.delta)}. ${base}.${band}`;
  }
  return `Steering: ${best.method} at layer ${best.layer}, coefficient ${number(best.coef, 2)} (ratio ${best.coef_ratio}): trait score ${signed(best.delta)}${deltaInterval(best)} at coherence ${number(best.coherence)}; ${base}.${band}${best.reason ? ` Chosen as the ${best.reason}.` : ""}`;
}

function costOf(traits: readonly Reported[]): ReportDocument["cost"] {
  const rows = traits.flatMap(({ trait, records }) => {
    const known = stageNames.flatMap((stage) => (records[stage] ? [[stage, records[stage]] as const] : []));
    if (known.length === 0) return [];
    const seconds = known.reduce((sum, [, record]) => sum + record.seconds, 0);
    const calls = known.reduce((sum, [, record]) => sum + (record.counts.judge_calls ?? 0), 0);
    const costs = known.map(([, record]) => record.cost_usd);
    const dollars = costs.reduce<number>((sum, value) => sum + (value ?? 0), 0);
    const cost = costs.includes(null) ? "unknown" : dollars === 0 ? "free" : `$${dollars.toFixed(4)}`;
    return [
      [
        trait,
        ...stageNames.map((stage) => (records[stage] ? number(records[stage].seconds) : "–")),
        number(seconds),
        String(calls),
        cost,
      ],
    ];
  });
  if (rows.length === 0) return { note: "No stage has been recorded.", table: null };
  return {
    note: "Seconds by stage, judge calls and what they cost.",
    table: { columns: ["trait", ...stageNames, "all", "judge calls", "cost"], rows },
  };
}

function number(value: number | null | undefined, digits = 1): string {
  return typeof value === "number" ? value.toFixed(digits) : "–";
}

function signed(value: number): string {
  return `${value > 0 ? "+" : ""}${number(value)}`;
}

function percent(share: number | null | undefined): string {
  return typeof share === "number" ? `${number(share * 100)} %` : "–";
}

function interval(bounds: readonly [number, number] | null | undefined, scale: number, digits = 1): string {
  return bounds ? ` [${number(bounds[0] * scale, digits)}, ${number(bounds[1] * scale, digits)}]` : "";
}
