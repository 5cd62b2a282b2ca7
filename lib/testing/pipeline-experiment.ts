import { createHash } from "node:crypto";
import { type ConfigInput, resolveConfig } from "#lib/pipeline/config.ts";
import type { RunSpec } from "#lib/pipeline/contract.ts";
import { planRun } from "#lib/pipeline/plan.ts";
import type { ArtifactStore, PipelinePorts } from "#lib/pipeline/ports.ts";
import { executeRun } from "#lib/pipeline/run.ts";
import { stageNames } from "#lib/pipeline/stages.ts";
import type { MemoryStore } from "./fake-ports.ts";

/** config.json of the experiment `e` that the pipeline's tests run. */
export const testConfig: ConfigInput = {
  extraction_model: "fake",
  methods: ["mean_diff", "probe", "random"],
  layers: "1-2",
  coefs: [0.5, 1],
  concurrency: 2,
};

/** Writes a trait of the fake engine's language, and the experiment. */
export async function writeTrait(
  store: Pick<ArtifactStore, "write">,
  name: string,
  pairs = 12,
): Promise<void> {
  const lines = (tone: string) =>
    Array.from({ length: pairs }, (_, at) => `${name} ${at} feels ${tone}`).join("\n");
  const folder = `datasets/traits/${name}`;
  await store.write(`${folder}/positive.txt`, lines("hope"));
  await store.write(`${folder}/negative.txt`, lines("doubt"));
  await store.write(`${folder}/definition.txt`, "How sunny it is.");
  await store.write(`${folder}/steering.json`, '{"questions": ["how was it", "what next", "and then"]}');
  await store.write("experiments/e/config.json", JSON.stringify(testConfig));
}

export function specOf(
  traits: string[],
  overrides: ConfigInput = {},
  fields: Partial<RunSpec> = {},
): RunSpec {
  return {
    run_id: "r1",
    experiment: "e",
    traits: traits.map((name) => {
      const [category = "", trait = ""] = name.split("/");
      return { category, trait };
    }),
    stages: [...stageNames],
    config: resolveConfig(testConfig, overrides),
    ...fields,
  };
}

export async function planAndRun(ports: PipelinePorts, spec: RunSpec, signal?: AbortSignal) {
  return executeRun(spec, await planRun(spec, ports), ports, signal);
}

/** Hashes of the result files by path. Left out: what tells times (stages, manifest, report) or the order of arrival (journals). */
export function resultFiles(store: MemoryStore): Record<string, string> {
  const timed = /(stages\.json|manifest\.json|report\.md|\.jsonl)$/;
  return Object.fromEntries(
    [...store.files]
      .filter(([path]) => path.startsWith("experiments/") && !timed.test(path))
      .map(([path, bytes]): [string, string] => [path, createHash("sha256").update(bytes).digest("hex")])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
