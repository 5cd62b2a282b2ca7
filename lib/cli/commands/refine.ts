import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { formatJsonl } from "#lib/formats/jsonl.ts";
import { acceptedPairs } from "#lib/refinery/pairs.ts";
import { type RefineryRequest, refineryRequestSchema, usualRpm } from "#lib/refinery/request.ts";
import { openOutput } from "#lib/server/builds/output.ts";
import { tillerHome, userPath } from "#lib/server/paths.ts";
import { openInputs, planRefinery, runRefinery } from "#lib/server/refinery/run.ts";
import { runBuild } from "../build.ts";
import { exitCodes, print, printJson, tell } from "../output.ts";
import { fileOf, generationOf, type RefineOptions } from "../refine-options.ts";
import { teacherOf } from "../teacher-options.ts";
import { estimateText, resultText } from "./refine-text.ts";

export { refineCritiqueCommand, refineDraftCommand, refinePlanCommand } from "./refine-steps.ts";

/** `tiller refine`: drafts and critiques where they are left out, then refine and gates. Throws `usage`, `conflict` … */
export async function refineCommand(options: RefineOptions): Promise<number> {
  if (options.outDir === undefined) {
    throw new AppError("usage", "--out-dir is missing: name the folder that the dataset goes to");
  }
  const folder = userPath(options.outDir);
  const request = requestOf(options);
  if (options.dryRun) {
    const estimate = await planRefinery(request, { home: tillerHome(), folder });
    if (options.json) printJson(estimate);
    else print(estimateText(estimate));
    return exitCodes.ok;
  }
  await openInputs(request, folder);
  const { stats, join, failed } = await runBuild("refine", folder, request.teacher, (ports, places) =>
    runRefinery(request, ports, places),
  );
  if (options.json) printJson({ out_dir: folder, join, stats, failed });
  else print(resultText(stats, join, folder));
  return failed > 0 ? exitCodes.failedItems : exitCodes.ok;
}

function requestOf(options: RefineOptions): RefineryRequest {
  const optional = (file: string | undefined, option: string) =>
    file === undefined ? null : fileOf(file, option);
  const parsed = refineryRequestSchema.safeParse({
    plan: fileOf(options.plan, "--plan"),
    drafts: optional(options.drafts, "--drafts"),
    critiques: optional(options.critiques, "--critiques"),
    gating_mode: options.gatingMode,
    limit: options.limit ?? null,
    resume: options.resume ?? false,
    retry: list(options.retry),
    generation: generationOf(options),
    teacher: teacherOf(options, { rpm: options.apiModel === undefined ? null : usualRpm }),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError("usage", `--${String(issue?.path[0]).replaceAll("_", "-")}: ${issue?.message}`);
}

function list(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

/** `tiller refine pairs`. Throws `not-found` without accepted pairs, `conflict` where the file is there. */
export async function refinePairsCommand({ outDir = "", output }: RefineOptions): Promise<void> {
  const folder = userPath(outDir);
  const file = fileOf(output, "-o");
  const pairs = await acceptedPairs(openOutput(folder));
  if (pairs.length === 0) {
    throw new AppError(
      "not-found",
      `${path.join(folder, "dataset_v1.jsonl")} holds no accepted contrast_pairs: plan some with tiller refine plan --types contrast_pairs`,
    );
  }
  if (existsSync(file)) throw new AppError("conflict", `${file} is there already: choose another name`);
  writeFileSync(file, formatJsonl(pairs), { flag: "wx" });
  tell(`${pairs.length} pairs; next: tiller traits import ${file} --as category/trait`);
  print(file);
}
