import { AppError } from "#lib/core/errors.ts";
import type { TraitContext } from "./context.ts";
import type { PlanStage } from "./contract.ts";
import type { ArtifactStore } from "./ports.ts";
import { allExist, type StageRecord, stageFingerprint } from "./records.ts";
import type { PreparedStage, Stage } from "./stage.ts";

/** Where a stage stands, from its record and its files. */
export interface StageStatus {
  state: Exclude<PlanStage["state"], "skipped">;
  fingerprint: string;
  reason?: string;
}

// Evaluation rows of other traits share a file, and samples alone are no steering result: these are never taken for imported.
const NOT_IMPORTABLE = new Set(["evaluate", "steer"]);

/** Compares what the stage would do now with what was recorded when it last completed. */
export async function stageStatus(
  stage: Stage,
  { run }: TraitContext,
  prepared: PreparedStage,
  record: StageRecord | undefined,
): Promise<StageStatus> {
  const fingerprint = await stageFingerprint(stage.name, stage.version, prepared.determinants);
  const { artifacts } = run.ports;
  const complete = await allExist(artifacts, prepared.outputs);
  if (!record) {
    if (complete && !NOT_IMPORTABLE.has(stage.name)) {
      return { state: "imported", fingerprint, reason: "its files were put there by hand or another tool" };
    }
    if (stage.name === "generate") await refuseHalfImport(artifacts, prepared.outputs);
    return { state: "pending", fingerprint };
  }
  if (record.state === "writing")
    return { state: "pending", fingerprint, reason: "it was cut off and goes on" };
  if (record.fingerprint !== fingerprint) {
    return { state: "stale", fingerprint, reason: prepared.change ?? "its inputs or settings have changed" };
  }
  if (!complete) return { state: "stale", fingerprint, reason: "some of its files are gone" };
  if (record.retry > 0) {
    return {
      state: "stale",
      fingerprint,
      reason: `${record.retry} items failed at the judge and are tried again`,
    };
  }
  return { state: "done", fingerprint };
}

/** Responses of one polarity that somebody put there would be overwritten: say so instead. */
async function refuseHalfImport(artifacts: ArtifactStore, outputs: readonly string[]): Promise<void> {
  const there: string[] = [];
  for (const path of outputs) if (await artifacts.stat(path)) there.push(path);
  const [present] = there;
  const absent = outputs.find((path) => !there.includes(path));
  if (present === undefined || absent === undefined) return;
  throw new AppError(
    "conflict",
    `${present} is there, but ${absent} is not: put the other one beside it, or remove it and let the model write both`,
  );
}
