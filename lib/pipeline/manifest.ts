import { formatTraitId } from "#lib/core/names.ts";
import { formatJson } from "#lib/formats/json.ts";
import { type ConfigInput, configSchema } from "./config.ts";
import type { RunContext, RunJudge } from "./context.ts";
import type { RunResult } from "./contract.ts";
import {
  configPath,
  evaluationPath,
  experimentFolder,
  manifestPath,
  reportPath,
  traitFolder,
} from "./paths.ts";
import { hashFiles, readRecords } from "./records.ts";

const SECRET = /key|token|secret|password|authorization/i;

/** The configuration as it may be shown: no credentials in the judge's URL, no unknown member that looks like a secret. */
export function withoutSecrets(config: ConfigInput): Record<string, unknown> {
  const known = new Set(Object.keys(configSchema.shape));
  return Object.fromEntries(
    Object.entries(config)
      .filter(([name]) => known.has(name) || !SECRET.test(name))
      .map(([name, value]) => [name, name === "judge" && typeof value === "string" ? bareUrl(value) : value]),
  );
}

function bareUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  return `${url.origin}${url.pathname}`;
}

/** Writes manifest.json: what was run, on what, with which models and seeds, and the hash of every file that went in or came out. */
export async function writeManifest(
  run: RunContext,
  result: RunResult,
  started: Date,
  judge: RunJudge | null,
): Promise<void> {
  const { spec, ports, config } = run;
  const { artifacts } = ports;
  const inputs: Record<string, string> = await hashFiles(artifacts, [configPath(spec.experiment)]);
  const outputs: Record<string, string> = {};
  const counts: Record<string, unknown> = {};
  const folder = experimentFolder(spec.experiment);
  for (const id of spec.traits) {
    const name = formatTraitId(id);
    Object.assign(inputs, await hashFiles(artifacts, await artifacts.list(traitFolder(id))));
    const extraction = `${folder}/extraction/${name}`;
    const files = [
      ...(await artifacts.list(extraction)),
      ...(await artifacts.list(`${folder}/steering/${name}`)),
    ];
    Object.assign(outputs, await hashFiles(artifacts, files));
    const records = await readRecords(artifacts, `${extraction}/stages.json`);
    counts[name] = Object.fromEntries(Object.entries(records).map(([key, record]) => [key, record.counts]));
  }
  Object.assign(
    outputs,
    await hashFiles(artifacts, [evaluationPath(spec.experiment), reportPath(spec.experiment)]),
  );
  await artifacts.write(
    manifestPath(spec.experiment),
    formatJson({
      run_id: spec.run_id,
      experiment: spec.experiment,
      started_at: started.toISOString(),
      ended_at: ports.now().toISOString(),
      code_version: ports.codeVersion,
      traits: spec.traits.map(formatTraitId),
      stages: spec.stages,
      config: withoutSecrets(config),
      seeds: { seed: config.seed },
      models: await modelHashes(run, judge),
      // An endpoint's model runs where it is.
      judge: judge && {
        ...judge.judge.describe(),
        device: config.judge === "builtin" ? config.judge_device : null,
      },
      counts,
      judge_calls: result.judge_calls,
      cost_usd: result.cost_usd,
      seconds_by_stage: result.seconds_by_stage,
      failed_items: result.failed_items,
      inputs,
      outputs,
    }),
  );
}

async function modelHashes({ config, identify }: RunContext, judge: RunJudge | null) {
  const found: Record<string, unknown> = {};
  const own = judge && config.judge === "builtin" ? [config.judge_model] : [];
  for (const modelId of new Set([config.extraction_model, config.application_model, ...own])) {
    const { fingerprint, files } = await identify(modelId);
    found[modelId] = { fingerprint, files };
  }
  return found;
}
