import { type LentDevice, lentDeviceOf, type RunDevice } from "#lib/engine/run-device.ts";
import type { ExperimentResponse, RunRequest } from "#lib/pipeline/api.ts";
import { type ConfigInput, configSchema } from "#lib/pipeline/config.ts";
import { type StageName, stageNames } from "#lib/pipeline/stages.ts";

/** What the run dialog lets one change, as text where the person types. */
export interface RunForm {
  traits: string[];
  stages: StageName[];
  device: string;
  judge: string;
  judgeModel: string;
  judgeDevice: string;
  layers: string;
  coefs: string;
  position: string;
  seed: string;
  maxCost: string;
}

/** The experiment's own settings, ready to be changed. */
export function formOf(experiment: ExperimentResponse): RunForm {
  const { config, plan } = experiment;
  return {
    traits: plan.traits.map(({ trait }) => trait),
    stages: [...stageNames],
    device: config.device ?? "cpu",
    judge: config.judge ?? "builtin",
    judgeModel: config.judge_model ?? "",
    judgeDevice: config.judge_device ?? "cpu",
    layers: config.layers ?? "",
    coefs: Array.isArray(config.coefs) ? config.coefs.join(", ") : (config.coefs ?? ""),
    position: config.position ?? "",
    seed: config.seed === undefined ? "" : String(config.seed),
    maxCost: config.max_cost_usd === undefined ? "" : String(config.max_cost_usd),
  };
}

/** The request a form stands for; only what differs from the experiment's own settings is sent. */
export function requestOf(form: RunForm, experiment: ExperimentResponse): RunRequest {
  const before = formOf(experiment);
  const changed = <Key extends keyof RunForm>(key: Key) =>
    form[key] !== before[key] && form[key] !== "" ? form[key] : undefined;
  const coefs = changed("coefs");
  const overrides: Record<keyof ConfigInput, unknown> = {
    device: changed("device"),
    judge: changed("judge"),
    judge_model: changed("judgeModel"),
    judge_device: hasOwnJudge(form) ? changed("judgeDevice") : undefined,
    layers: changed("layers"),
    coefs: coefs === undefined || coefs === "adaptive" ? coefs : coefs.split(",").map(Number),
    position: changed("position"),
    seed: numberOf(changed("seed")),
    max_cost_usd: numberOf(changed("maxCost")),
  };
  const config = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  return {
    experiment: experiment.name,
    traits: form.traits,
    ...(form.stages.length < stageNames.length ? { stages: form.stages } : {}),
    config: config as ConfigInput,
  };
}

/** The judge's model is run by Tiller, not by an endpoint. */
export function hasOwnJudge({ judge }: Pick<RunForm, "judge">): boolean {
  return judge === "" || judge === "builtin";
}

/** What the form wants from browser tabs; null where the server does all. */
export function lentBy(form: RunForm): LentDevice | null {
  const devices = hasOwnJudge(form) ? [form.device, form.judgeDevice] : [form.device];
  return lentDeviceOf(devices as RunDevice[]);
}

/** The first thing wrong with what was typed, or null. */
export function problemOf(request: RunRequest): string | null {
  if (request.traits?.length === 0) return "Choose at least one trait.";
  if (request.stages?.length === 0) return "Choose at least one stage.";
  const parsed = configSchema.safeParse(request.config);
  if (parsed.success) return null;
  const issue = parsed.error.issues[0];
  return `${issue?.path.join(".")}: ${issue?.message}`;
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
