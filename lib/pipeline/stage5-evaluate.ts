import { z } from "zod";
import { contentHash, sha256 } from "#lib/core/hash.ts";
import { formatTraitId, parseTraitId } from "#lib/core/names.ts";
import { parseJson } from "#lib/formats/json.ts";
import type { VectorEvaluation } from "#lib/vectors/evaluation.ts";
import { layerOf, readTable } from "./activations.ts";
import type { TraitContext } from "./context.ts";
import {
  evaluationRow,
  formatEvaluationFile,
  mergeRows,
  parseEvaluationFile,
  scored,
} from "./evaluation-rows.ts";
import { finishedItems, finishItems } from "./items.ts";
import { evaluateOwn, ownVectors } from "./own-vectors.ts";
import { evaluationPath, resultPaths } from "./paths.ts";
import { hashFiles } from "./records.ts";
import { type EvaluationRow, vectorEvaluationSchema } from "./results.ts";
import { missingInput, type Stage, type StageOutcome, type StageScope } from "./stage.ts";
import { type LayerInfo, readMethodMetadata, readVector, vectorMetadataPath, vectorPath } from "./vectors.ts";

const VERSION = "1";

/** All methods of one layer are evaluated together: they share its activations. */
interface EvaluateItem {
  key: string;
  layer: number;
  methods: { method: string; info: LayerInfo }[];
}

/** Tests every vector on held-out activations. Writes the trait's rows of extraction_evaluation.json. */
export const evaluate: Stage = {
  name: "evaluate",
  version: VERSION,
  recordKey: ({ run }) => `evaluate ${run.config.position} ${run.config.component}`,

  async prepare(trait) {
    const { run, paths } = trait;
    const { train, val } = paths.activations;
    const hashes: string[] = [];
    for (const path of [train, val]) {
      const bytes = await run.ports.artifacts.read(path);
      if (!bytes) throw missingInput("evaluate", path, "capture");
      hashes.push(await sha256(bytes));
    }
    const items = await evaluateItems(trait, hashes);
    return {
      determinants: items.map(({ key }) => key),
      inputs: [train, val, ...run.config.methods.map((method) => vectorMetadataPath(paths, method))],
      outputs: [evaluationPath(run.spec.experiment)],
      async count() {
        const keys = items.map(({ key }) => key);
        const finished = await finishedItems(
          run.ports.ledger,
          keys,
          z.record(z.string(), vectorEvaluationSchema),
        );
        return {
          items: { total: items.length, finished: finished.size, to_do: items.length - finished.size },
          judge_calls: { to_do: 0, cached: 0 },
          model_rows: 0,
          cost_usd: 0,
        };
      },
      run: (scope) => runEvaluate(scope, items),
    };
  },

  async estimate({ run }) {
    const { layers } = await run.identify(run.config.extraction_model);
    return {
      items: { total: layers, finished: 0, to_do: layers },
      judge_calls: { to_do: 0, cached: 0 },
      model_rows: 0,
      cost_usd: 0,
    };
  },
};

async function evaluateItems(trait: TraitContext, hashes: string[]): Promise<EvaluateItem[]> {
  const { run, paths } = trait;
  const byLayer = new Map<number, EvaluateItem["methods"]>();
  for (const method of run.config.methods) {
    const metadata = await readMethodMetadata(trait, method);
    if (!metadata) throw missingInput("evaluate", vectorMetadataPath(paths, method), "extract");
    for (const [layer, info] of Object.entries(metadata.layers)) {
      byLayer.set(Number(layer), [...(byLayer.get(Number(layer)) ?? []), { method, info }]);
    }
  }
  return Promise.all(
    [...byLayer]
      .sort(([a], [b]) => a - b)
      .map(async ([layer, methods]) => ({
        layer,
        methods,
        key: await contentHash({
          kind: "evaluate",
          version: VERSION,
          activations: hashes,
          layer,
          vectors: await Promise.all(
            methods.map(async ({ method, info }) => [
              method,
              info.sha256 ?? (await hashOf(trait, vectorPath(paths, method, layer))),
              info.norm,
              info.bias ?? null,
            ]),
          ),
          seed: run.config.seed,
        }),
      })),
  );
}

/** Vectors that another tool wrote have no hash in their metadata. */
async function hashOf({ run }: TraitContext, path: string): Promise<string | null> {
  return (await hashFiles(run.ports.artifacts, [path]))[path] ?? null;
}

async function runEvaluate(scope: StageScope, items: EvaluateItem[]): Promise<StageOutcome> {
  const { trait } = scope;
  const { run, paths } = trait;
  const { position, component, seed } = run.config;
  const train = await table(trait, paths.activations.train);
  const val = await table(trait, paths.activations.val);
  if (!(val.labels.includes(1) && val.labels.includes(0))) {
    scope.warn(
      `the validation split has no ${val.labels.includes(1) ? "negative" : "positive"} item, so no vector can be tested: ` +
        "let more responses pass, or capture again with a larger --val-split",
    );
    await writeEvaluation(trait, []);
    return { counts: { results: 0 }, retry: 0 };
  }
  const values = await finishItems(scope, {
    items,
    kind: "evaluate",
    schema: z.record(z.string(), vectorEvaluationSchema),
    groupSize: 1,
    unit: "layers",
    async compute(group) {
      const results: Record<string, VectorEvaluation>[] = [];
      for (const { layer, methods } of group) {
        const vectors = await Promise.all(
          methods.map(async ({ method, info }) => {
            const vector = await readVector(trait.run.ports.artifacts, vectorPath(paths, method, layer));
            return [
              method,
              { vector, norm: info.norm, ...(info.bias === undefined ? {} : { bias: info.bias }) },
            ] as const;
          }),
        );
        const job = {
          layer,
          train: layerOf(train, layer),
          val: layerOf(val, layer),
          vectors: Object.fromEntries(vectors),
          seed,
        };
        results.push(await run.ports.compute.evaluateLayer(job, scope.signal));
      }
      return results;
    },
  });
  const found = items.flatMap(({ key, layer, methods }) => {
    const results = values.get(key) ?? {};
    return methods.flatMap(({ method, info }) => {
      const result = results[method];
      return result ? [{ layer, method, info, result, random: results.random }] : [];
    });
  });
  const { artifacts, compute } = run.ports;
  // Vectors that a person brought or made are tested again with the others: their rows would be lost.
  const own = await evaluateOwn(
    artifacts,
    paths,
    await ownVectors(artifacts, paths),
    { train, val, seed },
    (job) => compute.evaluateLayer(job, scope.signal),
  );
  const randomAt = new Map(found.map(({ layer, random }) => [layer, random]));
  const place = { trait: trait.name, position, component };
  const rows = scored([...found, ...own].map((one) => evaluationRow(place, one, randomAt.get(one.layer))));
  await writeEvaluation(trait, rows);
  return { counts: { results: rows.length }, retry: 0 };
}

async function table({ run }: TraitContext, path: string) {
  const bytes = await run.ports.artifacts.read(path);
  if (!bytes) throw missingInput("evaluate", path, "capture");
  return readTable(bytes, path);
}

async function writeEvaluation({ run, name }: TraitContext, rows: EvaluationRow[]): Promise<void> {
  const { artifacts } = run.ports;
  const { position, component } = run.config;
  const path = evaluationPath(run.spec.experiment);
  const text = await artifacts.readText(path);
  const older = text === null ? [] : parseEvaluationFile(text, path).all_results;
  const merged = mergeRows(older, { trait: name, position, component }, rows);
  await artifacts.write(
    path,
    formatEvaluationFile({
      model: run.config.extraction_model,
      component,
      position,
      activation_norms: await meanActivationNorms(run, merged),
      all_results: merged,
    }),
  );
}

const normsSchema = z.looseObject({ activation_norms: z.record(z.string(), z.number()) });

/** By layer, the mean over the traits that have rows at this run's position and component. */
async function meanActivationNorms(
  run: TraitContext["run"],
  rows: EvaluationRow[],
): Promise<Record<string, number>> {
  const { position, component } = run.config;
  const names = new Set(
    rows.filter((row) => row.position === position && row.component === component).map(({ trait }) => trait),
  );
  const norms: Record<string, number[]> = {};
  for (const name of [...names].sort()) {
    const id = parseTraitId(name);
    const path = resultPaths(run.spec.experiment, id, run.position, component).activations.metadata;
    const text = await run.ports.artifacts.readText(path);
    if (text === null || formatTraitId(id) !== name) continue;
    for (const [layer, value] of Object.entries(parseJson(text, path, normsSchema).activation_norms)) {
      norms[layer] = [...(norms[layer] ?? []), value];
    }
  }
  return Object.fromEntries(
    Object.entries(norms).map(([layer, values]) => [
      layer,
      values.reduce((sum, value) => sum + value, 0) / values.length,
    ]),
  );
}
