import type { BuildPorts, LineFile } from "#lib/builds/ports.ts";
import { AppError } from "#lib/core/errors.ts";
import { formatJson } from "#lib/formats/json.ts";
import { critiqueStep } from "./critique-step.ts";
import { draftStep } from "./draft-step.ts";
import { type RefineryInputs, refuseOverwriting, retriedIds, unreadableTold, wantedIds } from "./inputs.ts";
import { countJoin, emptyJoinCounts, indexCritiques, indexDrafts, type JoinCounts } from "./join.ts";
import { manifestOf } from "./manifest.ts";
import { ensureOutcomeFiles, settledIds } from "./outcomes.ts";
import { outputFiles, producedFiles } from "./output-files.ts";
import { planStep } from "./plan-step.ts";
import { refineStep } from "./refine-step.ts";
import type { RefineryRequest } from "./request.ts";
import { type RefineryStats, statsOf } from "./stats.ts";

export interface RefineryResult {
  join: JoinCounts;
  stats: RefineryStats;
  /** Topics, drafts, critiques and answers that this start asked for and did not get. */
  failed: number;
}

/**
 * Plan, drafts, critiques (each made first where it is not given), refine, gates. Statistics and manifest are written
 * however the build ends; the same request with `resume` goes on where it stopped.
 * Throws `conflict`, `usage`, `invalid-file`, and what stops the teacher.
 */
export async function buildRefinery(
  request: RefineryRequest,
  given: RefineryInputs,
  ports: BuildPorts,
): Promise<RefineryResult> {
  const { output, progress } = ports;
  await refuseOverwriting(output, request);
  const ids = await settledIds(output);
  const retried = retriedIds(request.retry, ids);
  const done = new Set([...ids.accepted, ...ids.rejected].filter((id) => !retried.has(id)));
  progress.plan(phasesOf(given));

  const inputs: RefineryInputs = { ...given };
  const state = { join: emptyJoinCounts() };
  let failure: { error: unknown } | null = null;
  try {
    await steps(request, inputs, done, state, ports);
    await ensureOutcomeFiles(output);
  } catch (error) {
    failure = { error };
  }
  // An id that a second try moved is in both files until here.
  await settledIds(output);
  const stats = await statsOf(output, state.join);
  await output.write(outputFiles.stats, formatJson(stats));
  await output.write(outputFiles.manifest, formatJson(await manifestOf(request, inputs, stats, ports)));
  if (failure) throw failure.error;
  return { join: state.join, stats, failed: failedItems(ports) };
}

export function phasesOf({ plan, drafts, critiques }: RefineryInputs) {
  return [
    ...(plan ? [] : [{ name: "plan", unit: "topics", total: null }]),
    ...(drafts ? [] : [{ name: "drafts", unit: "drafts", total: null }]),
    ...(critiques ? [] : [{ name: "critiques", unit: "critiques", total: null }]),
    { name: "refine", unit: "records", total: null },
  ];
}

async function steps(
  request: RefineryRequest,
  inputs: RefineryInputs,
  done: Set<string>,
  state: { join: JoinCounts },
  ports: BuildPorts,
): Promise<void> {
  const { generation } = request;
  const { workers } = request.teacher;
  const told = unreadableTold(ports);
  if (!inputs.plan) {
    await planStep(request.planning, producedFiles.plan, { generation, workers }, ports);
    inputs.plan = await produced(producedFiles.plan, ports);
  }
  const plan = inputs.plan.file;
  let drafts = inputs.drafts && (await indexDrafts(inputs.drafts.file, told));
  let critiques = inputs.critiques && (await indexCritiques(inputs.critiques.file, told));
  const wanted = await wantedIds(request, plan, done, { drafts, critiques });
  const settings = { generation, workers, wanted, settled: done };
  if (!drafts) {
    await draftStep(plan, producedFiles.drafts, settings, ports);
    inputs.drafts = await produced(producedFiles.drafts, ports);
    drafts = await indexDrafts(inputs.drafts.file, told);
  }
  if (!critiques) {
    await critiqueStep(plan, drafts, producedFiles.critiques, settings, ports);
    const file = await ports.output.open(producedFiles.critiques);
    if (file) inputs.critiques = { path: producedFiles.critiques, file };
    critiques = file && (await indexCritiques(file, told));
  }
  const joining = { plan, drafts, critiques, done, wanted };
  state.join = await countJoin(joining, told);
  const attempt = request.retry.length > 0 ? ports.now().toISOString() : "";
  const refining = { gating: request.gating_mode, generation, workers, attempt };
  await refineStep(joining, state.join.to_refine, refining, ports);
}

/** A file that a step has just written. Throws where every item of the step failed. */
async function produced(
  path: string,
  { output, progress }: BuildPorts,
): Promise<{ path: string; file: LineFile }> {
  const file = await output.open(path);
  if (file) return { path, file };
  const [failure] = progress.progress.failures;
  throw new AppError(
    "invalid-input",
    `nothing was written to ${path}${failure ? `: ${failure.error.userMessage}` : ": the plan holds no record to work on"}`,
  );
}

const failures = ["topics failed", "drafts failed", "critiques failed", "rejected: teacher_error"];

export function failedItems({ progress }: Pick<BuildPorts, "progress">): number {
  return failures.reduce((sum, name) => sum + (progress.progress.counts[name] ?? 0), 0);
}
