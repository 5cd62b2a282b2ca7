import { AppError } from "#lib/core/errors.ts";
import { formatTraitId, type Polarity, polarities, type TraitId } from "#lib/core/names.ts";
import { type Position, parsePosition } from "#lib/core/position.ts";
import type { Engine } from "#lib/engine/contract.ts";
import type { Judge } from "#lib/judge/contract.ts";
import { createJudge } from "#lib/judge/judge.ts";
import { type ScenarioPair, scenarioPairs, type TraitFolder } from "#lib/traits/folder.ts";
import type { Scenario } from "#lib/traits/scenario.ts";
import type { ResolvedConfig } from "./config.ts";
import type { RunSpec } from "./contract.ts";
import { configPath, type ResultPaths, resultPaths, traitFolder } from "./paths.ts";
import type { ModelIdentity, OpenedJudge, PipelinePorts } from "./ports.ts";
import type { StageName } from "./stages.ts";
import { readTraitFolder } from "./trait-folder.ts";

/** What a run has used so far. */
export interface RunTotals {
  judgeCalls: number;
  judgementsCached: number;
  /** Null once a call's cost is unknown. */
  costUsd: number | null;
}

export interface RunJudge extends OpenedJudge {
  judge: Judge;
}

/** One run's shared state: every model, the judge and each model's identity are opened once, when first needed. */
export interface RunContext {
  spec: RunSpec;
  config: ResolvedConfig;
  position: Position;
  ports: PipelinePorts;
  signal: AbortSignal | undefined;
  totals: RunTotals;
  warnings: string[];
  engine(modelId: string): Promise<Engine>;
  identify(modelId: string): Promise<ModelIdentity>;
  judge(): Promise<RunJudge>;
  notice(level: "info" | "warning", message: string, where?: { trait: string; stage: StageName }): void;
}

/** One trait of the run: its authored files, read and checked. */
export interface TraitContext {
  run: RunContext;
  id: TraitId;
  /** `category/trait` */
  name: string;
  folder: string;
  trait: TraitFolder;
  pairs: ScenarioPair[];
  paths: ResultPaths;
}

export function createRunContext(spec: RunSpec, ports: PipelinePorts, signal?: AbortSignal): RunContext {
  const { config } = spec;
  const engines = new Map<string, Promise<Engine>>();
  const identities = new Map<string, Promise<ModelIdentity>>();
  let opened: Promise<RunJudge> | undefined;
  const totals: RunTotals = {
    judgeCalls: 0,
    judgementsCached: 0,
    costUsd: 0,
  };
  const warnings: string[] = [];
  const notice: RunContext["notice"] = (level, message, where) => {
    if (level === "warning") {
      const text = where ? `${where.trait}: ${message}` : message;
      if (!warnings.includes(text)) warnings.push(text);
    }
    ports.emit({ at: ports.now().toISOString(), kind: "notice", level, message, ...where });
  };
  return {
    spec,
    config,
    position: parsePosition(config.position),
    ports,
    signal,
    totals,
    warnings,
    notice,
    engine: (modelId) =>
      once(engines, modelId, () =>
        ports.engines.load(modelId, {
          device: config.device,
          runId: spec.run_id,
          onWork: (work) => ports.emit({ at: ports.now().toISOString(), kind: "work", work }),
          ...(config.batch_size === undefined ? {} : { batchSize: config.batch_size }),
          onProgress: (message) => notice("info", message),
        }),
      ),
    identify: (modelId) => once(identities, modelId, () => ports.models.identify(modelId)),
    judge() {
      opened ??= openJudge(spec, ports).catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return opened;
    },
  };
}

function once<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const found = known.get(key);
  if (found) return found;
  const made = make().catch((error: unknown) => {
    known.delete(key);
    throw error;
  });
  known.set(key, made);
  return made;
}

async function openJudge({ config, spent_usd }: RunSpec, ports: PipelinePorts): Promise<RunJudge> {
  const opened = await ports.judges.open({ judge: config.judge, model: config.judge_model });
  const limits = {
    concurrency: config.concurrency,
    ...(config.rpm === undefined ? {} : { rpm: config.rpm }),
    ...(config.max_cost_usd === undefined ? {} : { maxCostUsd: config.max_cost_usd }),
    ...(spent_usd === undefined ? {} : { spentUsd: spent_usd }),
  };
  return { ...opened, judge: createJudge(opened.transport, opened.cache, limits, opened.ports) };
}

/** A trait's folder and pairs. Throws as `readTraitFolder` and `scenarioPairs` do. */
export async function openTrait(run: RunContext, id: TraitId): Promise<TraitContext> {
  const folder = traitFolder(id);
  const trait = await readTraitFolder(run.ports.artifacts, id);
  return {
    run,
    id,
    name: formatTraitId(id),
    folder,
    trait,
    pairs: scenarioPairs(trait, folder),
    paths: resultPaths(run.spec.experiment, id, run.position, run.config.component),
  };
}

/** The scenarios of both polarities, positives first. */
export function scenariosOf({ trait }: TraitContext): { polarity: Polarity; scenario: Scenario }[] {
  return polarities.flatMap((polarity) => trait[polarity].map((scenario) => ({ polarity, scenario })));
}

/** Paths of the authored files a trait's stages read. */
export function scenarioFiles({ folder, trait }: TraitContext): string[] {
  return polarities.map(
    (polarity) => `${folder}/${polarity}.${trait.layout[polarity] === "lines" ? "txt" : "jsonl"}`,
  );
}

/** The rubric. Throws `not-found` for a trait without one: a judge cannot score without it. */
export function definitionOf({ folder, trait }: TraitContext): string {
  if (trait.definition !== null) return trait.definition;
  throw new AppError(
    "not-found",
    `${folder}/definition.txt is not there: the judge scores by it; write what a high, middle and low score mean`,
  );
}

/** Throws `not-found` when config.json is not there, naming the experiments there are. */
export async function requireExperiment(
  ports: Pick<PipelinePorts, "artifacts">,
  experiment: string,
): Promise<string> {
  const text = await ports.artifacts.readText(configPath(experiment));
  if (text !== null) return text;
  const paths = await ports.artifacts.list("experiments");
  const known = paths
    .filter((path) => /^experiments\/[^/]+\/config\.json$/.test(path))
    .map((path) => path.split("/")[1]);
  throw new AppError(
    "not-found",
    `experiment ${JSON.stringify(experiment)} is not known: ${configPath(experiment)} is not there; ` +
      (known.length === 0 ? "there is none yet" : `there are ${known.join(", ")}`),
  );
}
