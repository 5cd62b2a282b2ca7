import { AppError } from "#lib/core/errors.ts";
import type { Engine } from "#lib/engine/contract.ts";
import type { Decider } from "#lib/vectors/evaluation.ts";
import { type ActivationRow, type ActivationTable, layerOf, readTable, tableOf } from "../activations.ts";
import { type CaptureItem, captureItems } from "../capture-items.ts";
import { captureMissing, clearParts } from "../capture-rows.ts";
import type { TraitContext } from "../context.ts";
import type { ModelDiff } from "../model-diff-api.ts";
import type { ModelIdentity } from "../ports.ts";
import { missingInput, type StageScope } from "../stage.ts";

/** What `a` read, and which of it each split holds. */
export interface ReadRows {
  items: CaptureItem[];
  train: ActivationTable;
  val: ActivationTable;
}

/**
 * The rows that a trait's vectors were found in and tested on.
 * Throws `not-found` (no responses, no activations), `conflict` (other responses than those that were captured).
 */
export async function readRows(trait: TraitContext): Promise<ReadRows> {
  const items = await captureItems(trait);
  const [train, val] = await Promise.all(
    [trait.paths.activations.train, trait.paths.activations.val].map(async (path) => {
      const bytes = await trait.run.ports.artifacts.read(path);
      if (!bytes) throw missingInput("evaluate", path, "capture");
      return readTable(bytes, path);
    }),
  );
  if (!train || !val) throw new AppError("internal", "a table is missing");
  const known = new Set(items.map(({ key }) => key));
  if ([...train.keys, ...val.keys].some((key) => !known.has(key))) {
    throw new AppError(
      "conflict",
      `${trait.name}: responses, their verdicts or ${trait.run.config.extraction_model} have changed since the activations were read: run capture, extract and evaluate again`,
    );
  }
  return { items, train, val };
}

interface OtherModel {
  scope: StageScope;
  model: ModelIdentity;
}

/**
 * The vector's figures on both models: of `a` from the rows that it was tested on, of `b` from its own states on the
 * same responses, position, component and split.
 * @param scope of `b`; what it captures is kept below `scope.trait.paths` while it works
 */
export async function compareSeparation(
  trait: TraitContext,
  { scope, model }: OtherModel,
  { items, train, val }: ReadRows,
  vector: { method: string; layer: number; decider: Decider },
): Promise<Pick<ModelDiff, "separation" | "why_no_separation">> {
  if (!bothSides(val)) {
    const why_no_separation = `no held-out ${val.labels.includes(1) ? "negative" : "positive"} row: capture again with a larger --val-split`;
    return { separation: null, why_no_separation };
  }
  const own = await trait.run.engine(trait.run.config.extraction_model);
  const other = await trait.run.engine(model.id);
  const used = usedItems(items, train, val);
  const asRead = await readTheSame(own, other, used);
  const { rows } = await captureMissing(
    scope,
    asRead ? used : used.map((item) => encodedAnew(item, other)),
    new Map(),
  );
  await clearParts(scope.trait);
  const states = new Map(
    used.flatMap(({ key, polarity, index }) => {
      const values = rows.get(key);
      return values ? [[rowName(polarity === "positive" ? 1 : 0, index), values] as const] : [];
    }),
  );
  const pairs = [train, val].map((table) => readByBoth(table, states, model));
  const [ofTrain, ofVal] = pairs;
  if (!ofTrain || !ofVal || !bothSides(ofVal.b) || !bothSides(ofTrain.b)) {
    const why_no_separation = `${model.id} could read too few of the responses: a side of the split has no row left`;
    return { separation: null, why_no_separation };
  }
  const evaluate = async (side: "a" | "b") => {
    const { method, layer, decider } = vector;
    const results = await trait.run.ports.compute.evaluateLayer(
      {
        layer,
        train: layerOf(ofTrain[side], layer),
        val: layerOf(ofVal[side], layer),
        vectors: { [method]: decider },
        seed: trait.run.config.seed,
      },
      scope.signal,
    );
    const result = results[method];
    if (!result) throw new AppError("internal", `no result of ${method}`);
    return result;
  };
  const separation = {
    a: await evaluate("a"),
    b: await evaluate("b"),
    tokens: asRead ? ("as-read" as const) : ("encoded-anew" as const),
    left_out: pairs.reduce((sum, { leftOut }) => sum + leftOut, 0),
  };
  return { separation, why_no_separation: null };
}

function bothSides({ labels }: ActivationTable): boolean {
  return labels.includes(1) && labels.includes(0);
}

const rowName = (label: number | undefined, index: number | undefined) => `${label} ${index}`;

/** The items that have a row in either table, in their own order: it decides which are read together. */
function usedItems(items: readonly CaptureItem[], train: ActivationTable, val: ActivationTable) {
  const used = new Set(
    [train, val].flatMap(({ labels, indices }) =>
      Array.from(labels, (label, at) => rowName(label, indices[at])),
    ),
  );
  return items.filter(({ polarity, index }) => used.has(rowName(polarity === "positive" ? 1 : 0, index)));
}

/** Whether both tokenizers cut every text alike: then `b` reads the very tokens that `a` did. */
async function readTheSame(a: Engine, b: Engine, items: readonly CaptureItem[]): Promise<boolean> {
  const { vocabulary } = b.describe();
  const texts = [...new Set(items.flatMap(({ prompt, answer }) => [...textsOf(prompt), answer ?? ""]))];
  const [ofA, ofB] = [await a.encodeText(texts), await b.encodeText(texts)];
  const alike = ofA.every((tokens, at) => tokens.join() === ofB[at]?.join());
  return (
    alike &&
    items.every(({ tokens }) =>
      tokens === null
        ? true
        : [...tokens.promptTokens, ...tokens.responseTokens].every((id) => id < vocabulary),
    )
  );
}

function textsOf(prompt: CaptureItem["prompt"]): string[] {
  if ("text" in prompt) return [prompt.text];
  return "messages" in prompt ? prompt.messages.map(({ content }) => content) : [];
}

/** The texts for `b` to cut by itself; one without a chat template reads the messages as plain text. */
function encodedAnew(item: CaptureItem, engine: Engine): CaptureItem {
  const plain = "messages" in item.prompt && !engine.describe().hasChatTemplate;
  return {
    ...item,
    tokens: null,
    prompt: plain ? { text: textsOf(item.prompt).join("\n\n") } : item.prompt,
  };
}

/** The rows of a table that both models read, in its order. */
function readByBoth(
  table: ActivationTable,
  states: ReadonlyMap<string, Float32Array>,
  model: ModelIdentity,
): { a: ActivationTable; b: ActivationTable; leftOut: number } {
  const size = table.layers * table.hidden;
  const rows = Array.from(table.labels, (label, at) => {
    const index = table.indices[at] ?? 0;
    const row = { key: table.keys[at] ?? "", label: label === 1 ? (1 as const) : (0 as const), index };
    const own: ActivationRow = { ...row, values: table.values.subarray(at * size, (at + 1) * size) };
    const values = states.get(rowName(label, index));
    return { own, other: values ? { ...row, values } : null };
  });
  const both = rows.flatMap(({ own, other }) => (other ? [{ own, other }] : []));
  return {
    a: tableOf(
      both.map(({ own }) => own),
      table.layers,
      table.hidden,
    ),
    b: tableOf(
      both.map(({ other }) => other),
      model.layers,
      model.hidden,
    ),
    leftOut: rows.length - both.length,
  };
}
