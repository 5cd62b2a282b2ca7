import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, parseExperimentName, parseTraitId } from "#lib/core/names.ts";
import { parsePosition } from "#lib/core/position.ts";
import { formatJson, parseJson } from "#lib/formats/json.ts";
import type { ExperimentResponse, ExperimentSummary } from "#lib/pipeline/api.ts";
import { type ConfigInput, parseConfig, resolveConfig } from "#lib/pipeline/config.ts";
import { requireExperiment } from "#lib/pipeline/context.ts";
import { experimentNames } from "#lib/pipeline/experiment-list.ts";
import { configPath, evaluationPath, reportPath, resultPaths } from "#lib/pipeline/paths.ts";
import {
  evaluationFileSchema,
  type SteeringSample,
  steeringFileSchema,
  steeringSamplesSchema,
} from "#lib/pipeline/results.ts";
import { listTraits } from "#lib/pipeline/trait-list.ts";
import { type DeviceReport, detectDevices, fastestDevice } from "./engine/devices.ts";
import type { Instance } from "./instance.ts";
import { publicError } from "./log.ts";

const LISTED_RUNS = 20;

/** Trying a device opens a session on it, and devices do not come and go while a server runs: asked once. */
let devices: Promise<ExperimentResponse["devices"]> | null = null;

function automatic(found: DeviceReport[]): ExperimentResponse["devices"][number] {
  return { device: "auto", available: true, reason: fastestDevice(found).device };
}

/** Every experiment folder with a config.json, by name. */
export async function listExperiments({ artifacts, runs, log }: Instance): Promise<ExperimentSummary[]> {
  const names = await experimentNames(artifacts);
  return Promise.all(
    names.map(async (name) => {
      const [last] = await runs.list({ experiment: name, limit: 1 });
      const about = { name, last_run: last ?? null };
      // One experiment that cannot be read must not hide the others.
      try {
        const config = await readConfig(artifacts, name);
        const { plan } = await runs.plan({ experiment: name, config: {} }, { tolerant: true });
        const stages = plan.traits.flatMap((trait) => trait.stages);
        const { judge, judge_model } = resolveConfig(config);
        return {
          ...about,
          description: config.description ?? null,
          traits: plan.traits.map(({ trait }) => trait),
          done: stages.filter(({ state }) => state === "done" || state === "imported").length,
          total: stages.length,
          problem: plan.traits.find(({ error }) => error !== undefined)?.error ?? null,
          judge,
          judge_model,
        };
      } catch (error) {
        const problem = publicError(error, log).userMessage;
        return {
          ...about,
          description: null,
          traits: [],
          done: 0,
          total: 0,
          problem,
          judge: null,
          judge_model: null,
        };
      }
    }),
  );
}

/** A new experiment's folder with its config.json. Throws `conflict` for a taken name, `usage` for what no run could use. */
export async function createExperiment(
  { artifacts }: Pick<Instance, "artifacts">,
  name: string,
  config: ConfigInput,
): Promise<void> {
  const path = configPath(parseExperimentName(name));
  resolveConfig(config);
  await artifacts.update(path, (before) => {
    if (before !== null)
      throw new AppError("conflict", `experiment ${name} is there already: ${path}; choose another name`);
    return formatJson(config);
  });
}

/** Sets some of an experiment's settings; the others stay as they are. Throws `not-found`, and `usage` as a run would. */
export async function changeConfig(
  { artifacts }: Instance,
  name: string,
  change: ConfigInput,
): Promise<void> {
  const path = configPath(parseExperimentName(name));
  await requireExperiment({ artifacts }, name);
  await artifacts.update(path, (before) => {
    const config = parseConfig(before ?? "{}", path);
    resolveConfig(config, change);
    return formatJson({ ...config, ...change });
  });
}

/** One experiment with the state of its stages and all that the run dialog offers. Throws `not-found`. */
export async function describeExperiment(instance: Instance, name: string): Promise<ExperimentResponse> {
  const { artifacts, runs } = instance;
  const config = await readConfig(artifacts, name);
  devices ??= detectDevices().then((found) => [automatic(found), ...found]);
  const [{ plan }, history, traits, available, report] = await Promise.all([
    runs.plan({ experiment: name, config: {} }, { tolerant: true }),
    runs.list({ experiment: name, limit: LISTED_RUNS }),
    listTraits(artifacts),
    devices,
    artifacts.stat(reportPath(name)),
  ]);
  return {
    name,
    config,
    plan,
    runs: history,
    available_traits: traits.map(formatTraitId),
    devices: available,
    has_report: report !== null,
  };
}

/** extraction_evaluation.json, checked. Throws `not-found` before the first evaluation. */
export async function readEvaluation({ artifacts }: Instance, name: string) {
  const path = evaluationPath(parseExperimentName(name));
  return parseJson(
    await require(artifacts, path, "run the stages up to evaluate first"),
    path,
    evaluationFileSchema,
  );
}

/** A trait's steering results at the experiment's position, checked. Throws `not-found`. */
export async function readSteering({ artifacts }: Instance, name: string, trait: string) {
  const { results } = await steeringPaths(artifacts, name, trait);
  return parseJson(
    await require(artifacts, results, "run the steer stage first"),
    results,
    steeringFileSchema,
  );
}

/** A samples file that results.json names. Throws `not-found`, `usage` for any other path. */
export async function readSamples(
  { artifacts }: Instance,
  name: string,
  trait: string,
  file: string,
): Promise<SteeringSample[]> {
  if (!/^responses\/[\w.-]+\.json$/.test(file)) {
    throw new AppError("usage", `samples ${JSON.stringify(file)}: name a file as results.json does`);
  }
  const path = `${(await steeringPaths(artifacts, name, trait)).folder}/${file}`;
  return parseJson(await require(artifacts, path, "run the steer stage again"), path, steeringSamplesSchema);
}

type Artifacts = Instance["artifacts"];

async function readConfig(artifacts: Artifacts, name: string): Promise<ConfigInput> {
  const experiment = parseExperimentName(name);
  return parseConfig(await requireExperiment({ artifacts }, experiment), configPath(experiment));
}

/** Where a trait's steering results lie. */
export async function steeringPaths(artifacts: Artifacts, name: string, trait: string) {
  const { position, component } = resolveConfig(await readConfig(artifacts, name));
  return resultPaths(name, parseTraitId(trait), parsePosition(position), component).steering;
}

async function require(artifacts: Artifacts, path: string, remedy: string): Promise<string> {
  const text = await artifacts.readText(path);
  if (text === null) throw new AppError("not-found", `${path} is not there: ${remedy}`);
  return text;
}
