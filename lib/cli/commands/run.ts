import { AppError } from "#lib/core/errors.ts";
import { lentDeviceOf } from "#lib/engine/run-device.ts";
import type { RunRequest, RunSnapshot } from "#lib/pipeline/api.ts";
import type { RunPlan, RunResult } from "#lib/pipeline/contract.ts";
import { prepareHome } from "#lib/server/home.ts";
import type { Instance } from "#lib/server/instance.ts";
import { projectRoot, tillerHome } from "#lib/server/paths.ts";
import { specOf } from "#lib/server/runs/spec.ts";
import { FolderStore } from "#lib/server/store/folder-store.ts";
import { onInterrupt } from "../interrupt.ts";
import { stderrScreen } from "../live-line.ts";
import { duration, exitCodes, percent, print, printJson, table, tell } from "../output.ts";
import { openPlace } from "../place.ts";
import { RunPrinter } from "../progress.ts";
import type { RemoteServer } from "../remote.ts";
import type { RunOptions } from "../request.ts";

/**
 * `tiller run` and the single stages. @returns the exit code
 * @param check throws where the plan is not what was meant; then nothing starts
 */
export async function runCommand(
  request: RunRequest,
  options: RunOptions,
  check?: (plan: RunPlan) => void,
): Promise<number> {
  // What is wrong with the request shows before the database is opened.
  prepareHome(tillerHome(), projectRoot());
  const { config } = await specOf(request, "", new FolderStore(tillerHome()));
  const lent = lentDeviceOf([config.device, config.judge_device]);
  const place = await openPlace(options.dryRun ? "run --dry-run" : "run");
  if ("remote" in place) {
    tell(`The Tiller server at ${place.remote.url} has this home open: it does the work.`);
    if (check) check((await place.remote.plan(request)).plan);
    if (options.dryRun) return showPlan(await place.remote.plan(request), options);
    return finish(await runRemotely(place.remote, request, lent !== null), options);
  }
  try {
    if (check) check((await place.local.runs.plan(request)).plan);
    if (options.dryRun) return showPlan(await place.local.runs.plan(request), options);
    if (lent !== null) throw noServer(lent);
    return finish(await runHere(place.local, request), options);
  } finally {
    await place.local.close();
  }
}

async function runHere(instance: Instance, request: RunRequest): Promise<RunSnapshot> {
  const run = await instance.runs.create(request, "cli");
  tell(`run ${run.id}: experiment ${run.experiment}, ${count(run.spec.traits.length, "trait")}`);
  const printer = stderrPrinter();
  const unfollow = await instance.runs.follow(run.id, (message) => printer.hear(message));
  const release = onInterrupt(() => {
    printer.end();
    tell("stopping after what is in flight; what is finished is kept (Ctrl+C again: at once)");
    instance.executor.stop(run.id, "interrupt");
  });
  try {
    await instance.executor.execute(run.id, ["queued"]);
  } finally {
    release();
    unfollow();
    printer.end();
  }
  return instance.runs.get(run.id);
}

function noServer(device: string): AppError {
  return new AppError(
    "device-unavailable",
    `device ${device}: a browser tab does the model's work, and no Tiller server is running on this home: start it with npm start, give the same command again, and open the run's page in that browser`,
  );
}

async function runRemotely(server: RemoteServer, request: RunRequest, lent: boolean): Promise<RunSnapshot> {
  const runId = await server.start(request);
  tell(`run ${runId}: ${server.url}/runs/${runId}`);
  if (lent) tell("open that page in the browser that shall do the model's work, and press Lend this browser");
  const printer = stderrPrinter();
  const release = onInterrupt(() => {
    printer.end();
    tell("pausing the run; what is finished is kept (Ctrl+C again: leave at once)");
    server.pause(runId).catch((error: unknown) => tell(AppError.from(error).userMessage));
  });
  try {
    await server.follow(runId, (message) => {
      printer.hear(message);
      return message.type === "snapshot" && isOver(message.snapshot);
    });
  } finally {
    release();
    printer.end();
  }
  if (!printer.run) throw new AppError("internal", "the server told nothing of the run");
  return printer.run;
}

/** A done run is over once its result has arrived. */
function isOver({ state, result, error }: RunSnapshot): boolean {
  if (state === "done") return result !== null;
  return state === "failed" ? error !== null : ["paused", "cancelled", "interrupted"].includes(state);
}

function finish(run: RunSnapshot, options: RunOptions): number {
  if (run.error) throw AppError.fromJSON(run.error);
  if (run.state === "cancelled") throw new AppError("conflict", `run ${run.run_id} was cancelled`);
  if (!run.result) {
    tell(`run ${run.run_id} is ${run.state}: the same command goes on where it stopped`);
    return exitCodes.interrupted;
  }
  if (options.json) printJson(run.result);
  else print(summary(run.result));
  return run.result.failed_items > 0 ? exitCodes.failedItems : exitCodes.ok;
}

function showPlan(planned: { plan: RunPlan; estimated_seconds: number | null }, options: RunOptions): number {
  const { plan, estimated_seconds } = planned;
  if (options.json) {
    printJson({ ...plan, estimated_seconds });
    return exitCodes.ok;
  }
  const rows = plan.traits.flatMap(({ trait, stages }) =>
    stages.map((stage) => [
      trait,
      stage.stage,
      stage.state,
      stage.will_run ? `${stage.estimate ? "≤ " : ""}${stage.items.to_do}` : "",
      stage.will_run ? stage.judge_calls.to_do : null,
      stage.reason ?? "",
    ]),
  );
  print(table(["trait", "stage", "state", "to do", "judge calls", "why"], rows));
  const cost = plan.estimated_cost_usd;
  const time = estimated_seconds === null ? "" : `, about ${duration(estimated_seconds)}`;
  print(
    `\n${plan.model_rows} model rows, ${plan.judge_calls.to_do} judge calls (${plan.judge_calls.cached} known)` +
      `, cost ${cost === null ? "unknown" : `$${cost.toFixed(2)}`}${time}`,
  );
  for (const warning of plan.warnings) tell(`warning: ${warning}`);
  return exitCodes.ok;
}

function summary(result: RunResult): string {
  const rows = result.traits.map(
    ({ trait, scenario_pass_rate, response_pass_rate, vectors, best, steering }) => [
      trait,
      percent(scenario_pass_rate),
      percent(response_pass_rate),
      vectors,
      best ? `${best.method}, layer ${best.layer}` : null,
      best?.val_auroc?.toFixed(3) ?? null,
      steering ? `${signed(steering.delta)} at coherence ${Math.round(steering.coherence)}` : null,
      steering ? `${Math.round(steering.random_band.low)} to ${Math.round(steering.random_band.high)}` : null,
    ],
  );
  const head = ["trait", "scenarios", "responses", "vectors", "best", "AUROC", "steering", "random"];
  const times = Object.entries(result.seconds_by_stage).map(
    ([stage, seconds]) => `${stage} ${duration(seconds)}`,
  );
  const cost = result.cost_usd === null ? "cost unknown" : `$${result.cost_usd.toFixed(2)}`;
  return [
    table(head, rows),
    ...(result.warnings.length > 0 ? ["", ...result.warnings.map((warning) => `! ${warning}`)] : []),
    ...result.traits.flatMap(({ trait, error }) => (error ? [`! ${trait}: ${error}`] : [])),
    "",
    `${count(result.judge_calls, "judge call")}, ${cost}${times.length > 0 ? `; ${times.join(", ")}` : ""}`,
    ...(result.failed_items > 0
      ? [`${count(result.failed_items, "item")} failed: the same command tries them again`]
      : []),
  ].join("\n");
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(0)}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

function stderrPrinter(): RunPrinter {
  return new RunPrinter(stderrScreen(), () => new Date());
}
