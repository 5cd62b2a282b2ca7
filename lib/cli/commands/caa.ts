import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { workBeside } from "#lib/caa/files.ts";
import { convertCaa } from "#lib/caa/layouts/convert.ts";
import { type CaaFile, readCaaFile, writeCaaFile } from "#lib/caa/layouts/file.ts";
import { inspectCaa } from "#lib/caa/layouts/inspect.ts";
import type { CaaLayout } from "#lib/caa/layouts/names.ts";
import type { CaaPlan } from "#lib/caa/plan.ts";
import type { DatasetSummary } from "#lib/caa/records.ts";
import { AppError } from "#lib/core/errors.ts";
import { readBuildKnowledge } from "#lib/server/caa/knowledge.ts";
import { planCaa, runCaa } from "#lib/server/caa/run.ts";
import { prepareHome } from "#lib/server/home.ts";
import { projectRoot, tillerHome, userPath } from "#lib/server/paths.ts";
import { runBuild } from "../build.ts";
import { type CaaBuildOptions, caaRequestOf } from "../caa-options.ts";
import { readText } from "../files.ts";
import { exitCodes, print, printJson, table, tell } from "../output.ts";

/** `tiller caa build`. @returns the exit code */
export async function caaBuildCommand(options: CaaBuildOptions): Promise<number> {
  const request = caaRequestOf(options);
  const home = tillerHome();
  prepareHome(home, projectRoot());
  const sources = { home, folder: userPath("."), anyFile: true };
  if (options.dryRun) {
    const hubToken = async () => process.env.HF_TOKEN;
    const plan = await planCaa(request, { ...sources, hubToken });
    if (options.json) printJson(plan);
    else print(planText(plan));
    return exitCodes.ok;
  }
  const folder = userPath(options.output);
  const result = await runBuild("caa build", folder, request.teacher, (ports, { hubToken }) =>
    runCaa(request, ports, { ...sources, hubToken }),
  );
  const shown = result.datasets.map(({ file, ...dataset }) => ({
    file: path.join(folder, file),
    ...dataset,
  }));
  if (options.json) printJson({ datasets: shown, failed: result.failed });
  else print(summaryText(shown));
  return result.failed > 0 ? exitCodes.failedItems : exitCodes.ok;
}

function summaryText(datasets: readonly DatasetSummary[]): string {
  const head = ["personality", "samples", "positive first", "rejected", "failed", "file"];
  const rows = datasets.map(({ personality, samples, balance, rejected, failed, file }) => [
    personality,
    samples,
    balanceText(balance),
    Object.values(rejected).reduce((sum, count) => sum + count, 0),
    failed,
    file,
  ]);
  const reasons = datasets.flatMap(({ personality, rejected }) =>
    Object.entries(rejected).map(([reason, count]) => `${personality}: ${count} rejected: ${reason}`),
  );
  return [table(head, rows), ...reasons].join("\n");
}

/** `52 % [42, 62]` */
function balanceText({ share, interval }: DatasetSummary["balance"]): string | null {
  if (share === null || interval === null) return null;
  const whole = (value: number) => Math.round(value * 100);
  return `${whole(share)} % [${whole(interval[0])}, ${whole(interval[1])}]`;
}

function planText(plan: CaaPlan): string {
  const { rows, calls, tokens } = plan;
  const all = calls.words + calls.descriptions + calls.reactions;
  const of = Object.entries(plan.columns).map(([role, column]) => `${role}=${column}`);
  const rejected = Object.entries(plan.rejected).map(([reason, count]) => `${count} ${reason}`);
  const cost =
    plan.cost_usd === null ? "unknown: no price is known of the model" : `$${plan.cost_usd.toFixed(2)}`;
  return [
    `scenarios   ${plan.dataset} (${of.join(", ")}): ${rows.read} rows read${rows.all ? ", all" : ""}${rejected.length > 0 ? `; ${rejected.join(", ")}` : ""}`,
    `datasets    ${plan.personalities.join(", ")}: ${plan.samples ?? "all that the rows give, at least"} ${plan.samples === null ? calls.reactions / 2 / plan.personalities.length : ""} samples each, ${plan.characters} characters`,
    `written by  ${plan.models.join(", then ")} (${plan.provider}), prompts ${plan.prompts}`,
    `calls       ${all}: ${calls.words} for words, ${calls.descriptions} for descriptions, ${calls.reactions} for reactions`,
    `tokens      about ${Math.round(tokens.prompt)} in, ${Math.round(tokens.completion)} out`,
    `cost        ${cost}`,
  ].join("\n");
}

/** `tiller caa convert FILE --to LAYOUT -o FILE` */
export async function caaConvertCommand(
  given: string,
  { to, output }: { to: CaaLayout; output: string },
): Promise<void> {
  const data = await readDataset(given);
  const work = workBeside(userPath(given));
  const { data: converted, notes } = convertCaa(
    data,
    to,
    work === null ? null : await readBuildKnowledge(work),
  );
  const file = userPath(output);
  const text = writeCaaFile(converted);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST")
      throw new AppError("conflict", `${output} is there already: choose another name`);
    throw new AppError("forbidden", `${output} cannot be written (${error.code ?? error.message})`);
  });
  for (const note of notes) tell(`note: ${note}`);
  print(output);
}

/** `tiller caa inspect FILE` */
export async function caaInspectCommand(file: string, options: { json?: boolean }): Promise<void> {
  const report = inspectCaa(await readDataset(file));
  if (options.json) return printJson({ file, ...report });
  const { balance } = report;
  const counts = Object.entries(report.counts).map(([what, count]) => `${count} ${what}`);
  const share = balance ? balanceText(balance) : null;
  print(
    [
      `layout    ${report.layout}`,
      `holds     ${counts.join(", ")}`,
      ...(share === null || balance === null ? [] : [`balance   positive first in ${share}, n ${balance.n}`]),
      ...report.remarks.map((remark) => `note      ${remark}`),
    ].join("\n"),
  );
}

async function readDataset(file: string): Promise<CaaFile> {
  return readCaaFile(await readText(file), file);
}
