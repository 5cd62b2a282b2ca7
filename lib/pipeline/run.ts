import { AppError, type ErrorCode, throwIfAborted } from "#lib/core/errors.ts";
import { formatTraitId } from "#lib/core/names.ts";
import { allStages, checkStages, skipReason } from "./all-stages.ts";
import { createRunContext, openTrait, type RunContext, type RunJudge, type TraitContext } from "./context.ts";
import type { RunPlan, RunResult, RunSpec } from "./contract.ts";
import { writeManifest } from "./manifest.ts";
import { reportPath } from "./paths.ts";
import type { PipelinePorts } from "./ports.ts";
import { hashFiles, readRecords, type StageRecord, writeRecord } from "./records.ts";
import { buildReport } from "./report.ts";
import { traitResult } from "./run-result.ts";
import { createScope, type Stage, type StageOutcome } from "./stage.ts";
import type { StageName } from "./stages.ts";
import { stageStatus } from "./status.ts";

/** What is wrong with one trait and leaves the others untouched; everything else ends the run. */
const TRAIT_ERRORS = new Set<ErrorCode>([
  "invalid-input",
  "invalid-file",
  "not-found",
  "empty-slice",
  "usage",
]);

/**
 * Runs the stages of every trait, one after the other. What is finished is recorded as it finishes, so that running the
 * same spec again goes on where this one ended. A trait that cannot go on is told in the result; the others go on.
 * @param signal aborting with reason "pause" | "cancel" | "interrupt" stops after what is in flight
 * @returns the `run --json` document; report.md and manifest.json are written
 * Throws AppError: `aborted`, `disk-full`, `judge-unreachable`, `spending-cap` …; a single trait's error when no trait succeeded.
 */
export async function executeRun(
  spec: RunSpec,
  plan: RunPlan,
  ports: PipelinePorts,
  signal?: AbortSignal,
): Promise<RunResult> {
  const run = createRunContext(spec, ports, signal);
  const started = ports.now();
  const emitRun = (
    state: "running" | "done" | "failed" | "paused" | "cancelled" | "interrupted",
    message?: string,
  ) => ports.emit({ at: ports.now().toISOString(), kind: "run", state, ...(message ? { message } : {}) });
  emitRun("running");
  try {
    checkStages(spec);
    run.warnings.push(...plan.warnings);
    const spent: Spent = { seconds: new Map(), judgeCalls: 0, costUsd: 0, failedItems: 0 };
    const failures = new Map<string, AppError>();
    for (const id of spec.traits) {
      try {
        await runTrait(await openTrait(run, id), spent);
      } catch (thrown) {
        const error = AppError.from(thrown);
        if (!TRAIT_ERRORS.has(error.code)) throw error;
        failures.set(formatTraitId(id), error);
        run.notice("warning", `${formatTraitId(id)} stopped: ${error.userMessage}`);
      }
    }
    const result = await finishRun(run, started, spent, failures);
    const [first] = failures.values();
    if (first && failures.size === spec.traits.length) throw first;
    emitRun("done");
    return result;
  } catch (thrown) {
    const error = signal?.aborted ? abortError(signal) : AppError.from(thrown);
    emitRun(error.code === "aborted" ? stateOf(signal?.reason) : "failed", error.userMessage);
    throw error;
  }
}

function abortError(signal: AbortSignal): AppError {
  return new AppError(
    "aborted",
    "the run was stopped; what is finished is kept, and running it again goes on from there",
    {
      details: { reason: String(signal.reason) },
    },
  );
}

function stateOf(reason: unknown): "paused" | "cancelled" | "interrupted" {
  if (reason === "pause") return "paused";
  return reason === "cancel" ? "cancelled" : "interrupted";
}

/** What the run's stages took, earlier attempts of the same run included. */
interface Spent {
  seconds: Map<StageName, number>;
  judgeCalls: number;
  costUsd: number | null;
  failedItems: number;
}

async function runTrait(trait: TraitContext, spent: Spent): Promise<void> {
  for (const stage of allStages) {
    throwIfAborted(trait.run.signal);
    const record = await runStage(stage, trait);
    // A stage that an earlier run completed cost this one nothing.
    if (record?.run_id !== trait.run.spec.run_id) continue;
    spent.seconds.set(stage.name, (spent.seconds.get(stage.name) ?? 0) + record.seconds);
    spent.judgeCalls += record.counts.judge_calls ?? 0;
    spent.failedItems += record.counts.failed ?? 0;
    spent.costUsd =
      spent.costUsd === null || record.cost_usd === null ? null : spent.costUsd + record.cost_usd;
  }
}

/** Runs one stage unless it is skipped or current. @returns its record; null for a stage without one */
async function runStage(stage: Stage, trait: TraitContext): Promise<StageRecord | null> {
  const { run, paths } = trait;
  const { ports } = run;
  const scope = createScope(trait, stage.name);
  const emit = (state: "running" | "done" | "current" | "skipped" | "failed", seconds?: number) =>
    ports.emit({
      at: ports.now().toISOString(),
      kind: "stage",
      trait: trait.name,
      stage: stage.name,
      state,
      ...scope.seen,
      failed: scope.failed,
      ...(seconds === undefined ? {} : { seconds }),
    });
  if (skipReason(stage.name, run.spec) !== null) {
    emit("skipped");
    return null;
  }
  const key = stage.recordKey(trait);
  const begun = ports.now().getTime();
  const elapsed = () => (ports.now().getTime() - begun) / 1000;
  try {
    const prepared = await stage.prepare(trait);
    const before = (await readRecords(ports.artifacts, paths.stages))[key];
    const status = await stageStatus(stage, trait, prepared, before);
    if (status.state === "done" || status.state === "imported") {
      await stage.tidy?.(trait);
      emit("current");
      return before ?? null;
    }
    emit("running");
    const { fingerprint } = status;
    // A run that was cut off goes on: the record says how long it worked before.
    const carried =
      before?.state === "writing" && before.fingerprint === fingerprint && before.run_id === run.spec.run_id
        ? before
        : undefined;
    const costBefore = run.totals.costUsd;
    const callsBefore = run.totals.judgeCalls;
    const callsSoFar = () => (carried?.counts.judge_calls ?? 0) + run.totals.judgeCalls - callsBefore;
    const earlier = { seconds: carried?.seconds ?? 0, cost_usd: carried ? carried.cost_usd : 0 };
    const record = (state: StageRecord["state"], fields: Partial<StageRecord> = {}): StageRecord => ({
      fingerprint,
      state,
      inputs: {},
      outputs: {},
      counts: { judge_calls: callsSoFar() },
      retry: 0,
      run_id: run.spec.run_id,
      seconds: earlier.seconds + elapsed(),
      cost_usd: costSince(run, costBefore, earlier.cost_usd),
      ...fields,
    });
    await writeRecord(ports.artifacts, paths.stages, key, record("writing"));
    let outcome: StageOutcome;
    try {
      outcome = await prepared.run(scope);
    } catch (error) {
      await writeRecord(ports.artifacts, paths.stages, key, record("writing")).catch(() => {});
      throw error;
    }
    const done = record("done", {
      inputs: await hashFiles(ports.artifacts, prepared.inputs),
      outputs: await hashFiles(ports.artifacts, prepared.outputs),
      completed_at: ports.now().toISOString(),
      counts: { ...outcome.counts, judge_calls: callsSoFar(), failed: scope.failed },
      retry: outcome.retry,
    });
    await writeRecord(ports.artifacts, paths.stages, key, done);
    await stage.tidy?.(trait);
    emit("done", done.seconds);
    return done;
  } catch (error) {
    // A stage that is stopped has not failed: it goes on when the run does.
    if (!run.signal?.aborted) emit("failed", elapsed());
    throw error;
  }
}

function costSince(run: RunContext, before: number | null, earlier: number | null): number | null {
  const now = run.totals.costUsd;
  return now === null || before === null || earlier === null ? null : earlier + now - before;
}

async function finishRun(
  run: RunContext,
  started: Date,
  spent: Spent,
  failures: ReadonlyMap<string, AppError>,
): Promise<RunResult> {
  const { spec, ports } = run;
  const traits = [];
  for (const id of spec.traits) {
    const { result, warnings } = await traitResult(run, id, failures.get(formatTraitId(id)));
    traits.push(result);
    for (const warning of warnings) if (!run.warnings.includes(warning)) run.warnings.push(warning);
  }
  const result: RunResult = {
    run_id: spec.run_id,
    traits,
    warnings: run.warnings,
    seconds_by_stage: Object.fromEntries(spent.seconds),
    judge_calls: spent.judgeCalls,
    cost_usd: spent.costUsd,
    failed_items: spent.failedItems + failures.size,
  };
  const judge = await judgeOf(run);
  const report = await buildReport(spec.experiment, spec.config, ports, judge?.transport.agreement);
  await ports.artifacts.write(reportPath(spec.experiment), report.markdown);
  await writeManifest(run, result, started, judge);
  return result;
}

/** The run's judge, or null where none of its stages asks one. */
async function judgeOf(run: RunContext): Promise<RunJudge | null> {
  const judged = (["vet-scenarios", "vet-responses", "steer"] as const).some(
    (stage) => skipReason(stage, run.spec) === null,
  );
  return judged ? run.judge() : null;
}
