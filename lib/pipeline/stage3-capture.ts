import { AppError } from "#lib/core/errors.ts";
import { polarities } from "#lib/core/names.ts";
import { formatJson } from "#lib/formats/json.ts";
import { type ActivationRow, type ActivationTable, meanNorms, tableOf, writeTable } from "./activations.ts";
import { type CaptureItem, captureItems, captureVersion } from "./capture-items.ts";
import { captureMissing, clearParts, heldRows, keepRows } from "./capture-rows.ts";
import { scenarioFiles, scenariosOf, type TraitContext } from "./context.ts";
import { validationPairs } from "./split.ts";
import { itemName, type Stage, type StageOutcome, type StageScope } from "./stage.ts";

/** Reads the hidden states of every layer at the run's position, and holds out pairs for validation. Writes activations/. */
export const capture: Stage = {
  name: "capture",
  version: captureVersion,
  recordKey: ({ run }) => `capture ${run.config.position} ${run.config.component}`,

  async prepare(trait) {
    const { run, paths } = trait;
    const { config } = run;
    const items = await captureItems(trait);
    const inputs = config.prefill_only
      ? scenarioFiles(trait)
      : [
          ...polarities.map((polarity) => paths.responses[polarity]),
          ...(config.vetting_filter && config.vet ? [paths.responseScores] : []),
        ];
    return {
      determinants: {
        items: items.map(({ key, polarity, index }) => [polarity, index, key]),
        pairs: trait.pairs.length,
        val_split: config.val_split,
        seed: config.seed,
      },
      inputs,
      outputs: [paths.activations.train, paths.activations.val, paths.activations.metadata],
      async count() {
        const held = await heldRows(trait);
        const toDo = items.filter(({ key }) => !held.has(key)).length;
        return {
          items: { total: items.length, finished: items.length - toDo, to_do: toDo },
          judge_calls: { to_do: 0, cached: 0 },
          model_rows: toDo,
          cost_usd: 0,
        };
      },
      run: (scope) => runCapture(scope, items),
    };
  },

  async estimate(trait) {
    const total = scenariosOf(trait).length;
    return {
      items: { total, finished: 0, to_do: total },
      judge_calls: { to_do: 0, cached: 0 },
      model_rows: total,
      cost_usd: 0,
    };
  },

  tidy: clearParts,
};

async function runCapture(scope: StageScope, items: CaptureItem[]): Promise<StageOutcome> {
  const { trait } = scope;
  const { config, ports } = trait.run;
  requireBothPolarities(trait, items);
  const model = await trait.run.identify(config.extraction_model);
  const held = await heldRows(trait);
  await keepRows(
    trait,
    items.flatMap(({ key }) => held.get(key) ?? []),
  );
  const { rows, retry } = await captureMissing(scope, items, held);
  const captured = items.flatMap((item): ActivationRow[] => {
    const values = rows.get(item.key);
    return values
      ? [{ key: item.key, label: item.polarity === "positive" ? 1 : 0, index: item.index, values }]
      : [];
  });
  const used = new Set(captured.map(({ index }) => index));
  const validation = validationPairs(trait.pairs.length, used, config.val_split, config.seed);
  const train = tableOf(
    captured.filter(({ index }) => !validation.has(index)),
    model.layers,
    model.hidden,
  );
  const val = tableOf(
    captured.filter(({ index }) => validation.has(index)),
    model.layers,
    model.hidden,
  );
  requireTraining(trait, train);
  const failed = items.filter(({ key }) => !rows.has(key));
  const counts = {
    n_examples_pos: countLabel(train, 1),
    n_examples_neg: countLabel(train, 0),
    n_val_pos: countLabel(val, 1),
    n_val_neg: countLabel(val, 0),
  };
  const { activations } = trait.paths;
  await ports.artifacts.write(activations.train, writeTable(train));
  await ports.artifacts.write(activations.val, writeTable(val));
  await ports.artifacts.write(
    activations.metadata,
    formatJson({
      n_layers: model.layers,
      ...counts,
      hidden_dim: model.hidden,
      position: config.position,
      component: config.component,
      model: model.id,
      dtype: "float32",
      seed: config.seed,
      val_split: config.val_split,
      vetting_filter: config.vetting_filter && config.vet && !config.prefill_only,
      activation_norms: Object.fromEntries(meanNorms(train).map((value, layer) => [String(layer), value])),
      not_captured: failed.map(({ polarity, index }) => itemName(polarity, index)),
    }),
  );
  return { counts: { ...counts, not_captured: failed.length }, retry };
}

function countLabel({ labels }: ActivationTable, label: 0 | 1): number {
  return labels.reduce((sum, value) => sum + (value === label ? 1 : 0), 0);
}

function requireBothPolarities(trait: TraitContext, items: readonly CaptureItem[]): void {
  for (const polarity of polarities) {
    if (items.some((item) => item.polarity === polarity)) continue;
    throw new AppError(
      "invalid-input",
      `${trait.name}: no ${polarity} response passed vetting, so there is nothing to contrast: ` +
        "look at vetting/response_scores.json, change the scenarios or the thresholds, or use --no-vetting-filter",
    );
  }
}

function requireTraining(trait: TraitContext, train: ActivationTable): void {
  for (const polarity of polarities) {
    if (countLabel(train, polarity === "positive" ? 1 : 0) > 0) continue;
    throw new AppError(
      "empty-slice",
      `${trait.name}: no ${polarity} item is left to train on at position ${trait.run.config.position}: ` +
        "the slice is empty for all of them, or all are held out; use another --position or a smaller --val-split",
    );
  }
}
