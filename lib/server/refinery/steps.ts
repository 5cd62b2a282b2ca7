import path from "node:path";
import type { BuildPorts, LineFile } from "#lib/builds/ports.ts";
import { failedItems } from "#lib/refinery/build.ts";
import { critiqueStep } from "#lib/refinery/critique-step.ts";
import { draftStep, type StepSettings } from "#lib/refinery/draft-step.ts";
import { unreadableTold } from "#lib/refinery/inputs.ts";
import { emptyJoinCounts, indexDrafts, planRecords } from "#lib/refinery/join.ts";
import { planStep } from "#lib/refinery/plan-step.ts";
import type { Generation, Planning } from "#lib/refinery/request.ts";
import type { BuildPlaces } from "../builds/kinds.ts";
import { openGiven } from "./run.ts";

// Each step by itself, into a file; run again, it goes on where it stopped.

export interface StepRequest {
  generation: Generation;
  workers: number;
  /** Plan records at most, from the first on; null: all. */
  limit: number | null;
  /** Absolute. */
  output: string;
}

export interface StepResult {
  /** Records in the file now. */
  written: number;
  failed: number;
  output: string;
}

export async function runPlanStep(
  planning: Planning,
  { generation, workers, output }: StepRequest,
  ports: BuildPorts,
  places: Pick<BuildPlaces, "folder">,
): Promise<StepResult> {
  const file = path.relative(places.folder, output);
  ports.progress.plan([{ name: "plan", unit: "topics", total: null }]);
  await planStep(planning, file, { generation, workers }, ports);
  return resultOf(output, file, ports);
}

export async function runDraftStep(
  plan: string,
  request: StepRequest,
  ports: BuildPorts,
  places: Pick<BuildPlaces, "folder">,
): Promise<StepResult> {
  const file = path.relative(places.folder, request.output);
  ports.progress.plan([{ name: "drafts", unit: "drafts", total: null }]);
  const opened = await openGiven(plan);
  await draftStep(opened, file, await settingsOf(opened, request), ports, unreadableTold(ports));
  return resultOf(request.output, file, ports);
}

export async function runCritiqueStep(
  { plan, drafts }: { plan: string; drafts: string },
  request: StepRequest,
  ports: BuildPorts,
  places: Pick<BuildPlaces, "folder">,
): Promise<StepResult> {
  const file = path.relative(places.folder, request.output);
  ports.progress.plan([{ name: "critiques", unit: "critiques", total: null }]);
  const opened = await openGiven(plan);
  const index = await indexDrafts(await openGiven(drafts), unreadableTold(ports));
  await critiqueStep(opened, index, file, await settingsOf(opened, request), ports);
  return resultOf(request.output, file, ports);
}

async function settingsOf(
  plan: LineFile,
  { generation, workers, limit }: StepRequest,
): Promise<StepSettings> {
  return {
    generation,
    workers,
    wanted: limit === null ? null : await firstIds(plan, limit),
    settled: new Set(),
  };
}

async function firstIds(plan: LineFile, limit: number): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { id } of planRecords(plan, emptyJoinCounts())) {
    if (ids.size >= limit) break;
    ids.add(id);
  }
  return ids;
}

async function resultOf(output: string, file: string, ports: BuildPorts): Promise<StepResult> {
  let written = 0;
  const lines = await ports.output.open(file);
  if (lines) for await (const { text } of lines.lines()) if (text.trim() !== "") written++;
  return { written, failed: failedItems(ports), output };
}
