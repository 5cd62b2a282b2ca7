import { contentHash, sha256 } from "#lib/core/hash.ts";
import { layerOf, readTable } from "./activations.ts";
import type { TraitContext } from "./context.ts";
import { finishedItems } from "./items.ts";
import type { LedgerEntry } from "./ports.ts";
import { missingInput, type Stage, type StageOutcome, type StageScope } from "./stage.ts";
import {
  formatMethodMetadata,
  type LayerInfo,
  layerInfoSchema,
  vectorMetadataPath,
  vectorPath,
  writeVector,
} from "./vectors.ts";

const VERSION = "1";

interface ExtractItem {
  key: string;
  layer: number;
  method: string;
}

/** Finds one vector per layer and method from the training activations. Writes vectors/. */
export const extract: Stage = {
  name: "extract",
  version: VERSION,
  recordKey: ({ run }) => `extract ${run.config.position} ${run.config.component}`,

  async prepare(trait) {
    const { run, paths } = trait;
    const { train } = paths.activations;
    const bytes = await run.ports.artifacts.read(train);
    if (!bytes) throw missingInput("extract", train, "capture");
    const trainHash = await sha256(bytes);
    const { layers } = readTable(bytes, train);
    const items = await extractItems(trait, trainHash, layers);
    const { methods } = run.config;
    return {
      determinants: items.map(({ key }) => key),
      inputs: [train],
      outputs: [
        ...methods.map((method) => vectorMetadataPath(paths, method)),
        ...items.map(({ method, layer }) => vectorPath(paths, method, layer)),
      ],
      async count() {
        const toDo = (await missingItems(trait, items)).length;
        return {
          items: { total: items.length, finished: items.length - toDo, to_do: toDo },
          judge_calls: { to_do: 0, cached: 0 },
          model_rows: 0,
          cost_usd: 0,
        };
      },
      run: (scope) => runExtract(scope, items),
    };
  },

  async estimate({ run }) {
    const model = await run.identify(run.config.extraction_model);
    const total = model.layers * run.config.methods.length;
    return {
      items: { total, finished: 0, to_do: total },
      judge_calls: { to_do: 0, cached: 0 },
      model_rows: 0,
      cost_usd: 0,
    };
  },
};

function extractItems({ run }: TraitContext, trainHash: string, layers: number): Promise<ExtractItem[]> {
  const { methods, seed } = run.config;
  return Promise.all(
    Array.from({ length: layers }, (_, layer) => layer).flatMap((layer) =>
      methods.map(async (method) => ({
        layer,
        method,
        key: await contentHash({ kind: "extract", version: VERSION, train: trainHash, layer, method, seed }),
      })),
    ),
  );
}

/** Items not in the ledger, or whose vector file is not the one that was recorded with them. */
async function missingItems(
  { run, paths }: TraitContext,
  items: readonly ExtractItem[],
): Promise<ExtractItem[]> {
  const { artifacts, ledger } = run.ports;
  const known = await finishedItems(
    ledger,
    items.map(({ key }) => key),
    layerInfoSchema,
  );
  const missing: ExtractItem[] = [];
  for (const item of items) {
    const info = known.get(item.key);
    const file = info && (await artifacts.read(vectorPath(paths, item.method, item.layer)));
    if (!file || (await sha256(file)) !== info.sha256) missing.push(item);
  }
  return missing;
}

async function runExtract(scope: StageScope, items: ExtractItem[]): Promise<StageOutcome> {
  const { trait } = scope;
  const { run, paths } = trait;
  const { artifacts, ledger } = run.ports;
  const missing = await missingItems(trait, items);
  let done = items.length - missing.length;
  scope.progress(done, items.length, "vectors");
  if (missing.length > 0) {
    const bytes = await artifacts.read(paths.activations.train);
    if (!bytes) throw missingInput("extract", paths.activations.train, "capture");
    const table = readTable(bytes, paths.activations.train);
    for (const layer of new Set(missing.map((item) => item.layer))) {
      scope.throwIfAborted();
      const group = missing.filter((item) => item.layer === layer);
      await extractOneLayer(trait, group, layerOf(table, layer), scope.signal);
      done += group.length;
      scope.progress(done, items.length, "vectors");
    }
  }
  const infos = await finishedItems(
    ledger,
    items.map(({ key }) => key),
    layerInfoSchema,
  );
  for (const method of run.config.methods) {
    const layers = items
      .filter((item) => item.method === method)
      .flatMap(({ key, layer }): [string, LayerInfo][] => {
        const info = infos.get(key);
        return info ? [[String(layer), info]] : [];
      });
    await artifacts.write(
      vectorMetadataPath(paths, method),
      formatMethodMetadata({
        model: run.config.extraction_model,
        trait: trait.name,
        method,
        position: run.config.position,
        component: run.config.component,
        seed: run.config.seed,
        layers: Object.fromEntries(layers),
      }),
    );
  }
  return { counts: { vectors: items.length }, retry: 0 };
}

async function extractOneLayer(
  trait: TraitContext,
  group: readonly ExtractItem[],
  train: ReturnType<typeof layerOf>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { run, paths } = trait;
  const { extraction_model, position, component, seed } = run.config;
  const layer = group[0]?.layer ?? 0;
  const vectors = await run.ports.compute.extractLayer(
    { layer, train, methods: group.map(({ method }) => method), seed },
    signal,
  );
  const entries: LedgerEntry[] = [];
  for (const { key, method } of group) {
    const found = vectors[method];
    if (!found) continue;
    const { vector, norm, baseline, train_acc, bias, info } = found;
    const bytes = writeVector(vector, {
      model: extraction_model,
      trait: trait.name,
      method,
      layer: String(layer),
      position,
      component,
    });
    await run.ports.artifacts.write(vectorPath(paths, method, layer), bytes);
    const value: LayerInfo = {
      norm,
      baseline,
      train_acc,
      ...(bias === undefined ? {} : { bias }),
      ...(Object.keys(info).length === 0 ? {} : { info }),
      sha256: await sha256(bytes),
    };
    entries.push({ key, kind: "extract", value });
  }
  await run.ports.ledger.record(entries);
}
