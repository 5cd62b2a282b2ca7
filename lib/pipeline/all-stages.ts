import { AppError } from "#lib/core/errors.ts";
import type { RunSpec } from "./contract.ts";
import type { Stage } from "./stage.ts";
import { vetScenarios } from "./stage0-vet-scenarios.ts";
import { generate } from "./stage1-generate.ts";
import { vetResponses } from "./stage2-vet-responses.ts";
import { capture } from "./stage3-capture.ts";
import { extract } from "./stage4-extract.ts";
import { evaluate } from "./stage5-evaluate.ts";
import { steer } from "./stage6-steer.ts";
import type { StageName } from "./stages.ts";

/** In running order. */
export const allStages: readonly Stage[] = [
  vetScenarios,
  generate,
  vetResponses,
  capture,
  extract,
  evaluate,
  steer,
];

/** Which stages' files a stage reads. */
const NEEDS: Record<StageName, readonly StageName[]> = {
  "vet-scenarios": [],
  generate: [],
  "vet-responses": ["generate"],
  capture: ["generate", "vet-responses"],
  extract: ["capture"],
  evaluate: ["capture", "extract"],
  steer: ["extract"],
};

export function needsOf(stage: StageName): readonly StageName[] {
  return NEEDS[stage];
}

/** Why a stage does not run at all, or null. */
export function skipReason(
  stage: StageName,
  { stages, config }: Pick<RunSpec, "stages" | "config">,
): string | null {
  if (config.prefill_only && ["vet-scenarios", "generate", "vet-responses"].includes(stage)) {
    return "prefill-only reads the scenarios themselves";
  }
  if (stage === "vet-scenarios" && !(config.vet && config.vet_scenarios))
    return "scenario vetting is switched off";
  if (stage === "vet-responses" && !config.vet) return "vetting is switched off";
  if (stage === "evaluate" && config.val_split === 0)
    return "no validation split: nothing is held out to evaluate on";
  if (stage === "steer" && !config.steering) return "steering is switched off";
  return stages.includes(stage) ? null : "not asked for";
}

/** Throws `usage` when nothing is left to run. */
export function checkStages(spec: Pick<RunSpec, "stages" | "config">): void {
  const reasons = allStages.map(({ name }) => skipReason(name, spec));
  if (reasons.includes(null)) return;
  throw new AppError("usage", `no stage is left to run: ${[...new Set(reasons)].join("; ")}`);
}
