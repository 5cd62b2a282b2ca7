import type { AppError } from "#lib/core/errors.ts";
import { formatTraitId, type TraitId } from "#lib/core/names.ts";
import { skipReason } from "./all-stages.ts";
import type { RunContext } from "./context.ts";
import type { RunResult } from "./contract.ts";
import { qualityFlags, qualityWarning } from "./quality.ts";
import { summariseTrait, type TraitSummary } from "./trait-summary.ts";

type TraitResult = RunResult["traits"][number];

/**
 * One trait's line of the run's result, and a warning for every missed floor.
 * @param failure what stopped the trait, if anything did
 */
export async function traitResult(
  { spec, ports, config }: RunContext,
  id: TraitId,
  failure: AppError | undefined,
): Promise<{ result: TraitResult; warnings: string[] }> {
  const all = await summariseTrait(ports.artifacts, spec.experiment, id, config);
  // Files of a stage that this run's settings switch off may be there from before, but are no part of its result.
  const off = (stage: Parameters<typeof skipReason>[0]) => {
    const reason = skipReason(stage, spec);
    return reason !== null && reason !== "not asked for";
  };
  const summary: TraitSummary = {
    ...all,
    scenarios: off("vet-scenarios") ? null : all.scenarios,
    responses: off("vet-responses") ? null : all.responses,
    best: off("evaluate") ? null : all.best,
    bestProbe: off("evaluate") ? null : all.bestProbe,
    steering: off("steer") ? null : all.steering,
  };
  const name = formatTraitId(id);
  return {
    result: {
      trait: name,
      scenario_pass_rate: summary.scenarios?.pass_rate ?? null,
      response_pass_rate: summary.responses?.pass_rate ?? null,
      vectors: summary.vectors,
      best: summary.best && {
        method: summary.best.method,
        layer: summary.best.layer,
        val_accuracy: summary.best.val_accuracy,
        val_auroc: summary.best.val_auroc,
      },
      steering: steeringOutcome(summary),
      ...(failure ? { error: failure.userMessage } : {}),
    },
    warnings: qualityFlags(summary)
      .filter(({ met }) => !met)
      .map((flag) => qualityWarning(name, flag)),
  };
}

function steeringOutcome({ steering, bestBand }: TraitSummary): TraitResult["steering"] {
  const best = steering?.best;
  if (!best?.coherent) return null;
  const run = steering?.runs.find(
    ({ config, coef }) =>
      coef === best.coef &&
      config.vectors[0]?.layer === best.layer &&
      config.vectors[0]?.method === best.method,
  );
  const delta_ci = run?.result.delta_ci;
  if (!delta_ci || !bestBand) return null;
  return {
    layer: best.layer,
    method: best.method,
    coef: best.coef,
    coef_ratio: best.coef_ratio,
    delta: best.delta,
    delta_ci,
    coherence: best.coherence,
    random_band: { low: bestBand.low, high: bestBand.high, n: bestBand.n },
  };
}
