import { readFileSync } from "node:fs";
import path from "node:path";
import type { BuildPorts } from "#lib/builds/ports.ts";
import { AppError } from "#lib/core/errors.ts";
import { planningSchema, usualRpm } from "#lib/refinery/request.ts";
import type { BuildPlaces } from "#lib/server/builds/kinds.ts";
import { tillerHome } from "#lib/server/paths.ts";
import { fitted } from "#lib/server/refinery/room.ts";
import {
  runCritiqueStep,
  runDraftStep,
  runPlanStep,
  type StepRequest,
  type StepResult,
} from "#lib/server/refinery/steps.ts";
import { runBuild } from "../build.ts";
import { exitCodes, print, printJson } from "../output.ts";
import { fileOf, generationOf, type RefineOptions } from "../refine-options.ts";
import { teacherOf } from "../teacher-options.ts";

/** `tiller refine plan`. */
export function refinePlanCommand(options: RefineOptions): Promise<number> {
  const { count, types } = options;
  const parsed = planningSchema.safeParse({
    topics: topicsOf(options),
    ...(count !== undefined && { count }),
    ...(types !== undefined && { payload_types: types.split(",").map((type) => type.trim()) }),
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const option = { count: "--count", payload_types: "--types" }[String(issue?.path[0])] ?? "--topics";
    throw new AppError("usage", `${option}: ${issue?.message}`);
  }
  return step("plan", options, (request, ports, places) => runPlanStep(parsed.data, request, ports, places));
}

/** `tiller refine draft`. */
export function refineDraftCommand(options: RefineOptions): Promise<number> {
  const plan = fileOf(options.plan, "--plan");
  return step("draft", options, (request, ports, places) => runDraftStep(plan, request, ports, places));
}

/** `tiller refine critique`. */
export function refineCritiqueCommand(options: RefineOptions): Promise<number> {
  const files = { plan: fileOf(options.plan, "--plan"), drafts: fileOf(options.drafts, "--drafts") };
  return step("critique", options, (request, ports, places) =>
    runCritiqueStep(files, request, ports, places),
  );
}

async function step(
  name: string,
  options: RefineOptions,
  work: (request: StepRequest, ports: BuildPorts, places: BuildPlaces) => Promise<StepResult>,
): Promise<number> {
  const teacher = teacherOf(options, { rpm: options.apiModel === undefined ? null : usualRpm });
  const output = fileOf(options.output, "-o");
  const { limit = null } = options;
  if (limit !== null && !(Number.isInteger(limit) && limit > 0)) {
    throw new AppError("usage", "--limit: write a whole number of at least 1");
  }
  const generation = await fitted(generationOf(options), teacher, tillerHome());
  const request = { generation, workers: teacher.workers, limit, output };
  const result = await runBuild(`refine ${name}`, path.dirname(output), teacher, (ports, places) =>
    work(request, ports, places),
  );
  if (options.json) printJson(result);
  else
    print(`${result.output}: ${result.written} records${result.failed ? `, ${result.failed} failed` : ""}`);
  return result.failed > 0 ? exitCodes.failedItems : exitCodes.ok;
}

function topicsOf({ topic, topics }: RefineOptions): string[] {
  if ((topic === undefined) === (topics === undefined)) {
    throw new AppError("usage", "name --topic TEXT, or --topics FILE with one topic a line");
  }
  if (topics === undefined) return [topic ?? ""];
  const file = fileOf(topics, "--topics");
  const found = readText(file)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (found.length === 0) throw new AppError("invalid-file", `${file} holds no topic: write one a line`);
  return found;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (cause) {
    throw new AppError("not-found", `${file} cannot be read: check the path`, { cause });
  }
}
