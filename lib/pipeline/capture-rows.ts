import { AppError } from "#lib/core/errors.ts";
import { sha256 } from "#lib/core/hash.ts";
import { resolvePosition } from "#lib/core/position.ts";
import type { CapturedRow, CaptureRow, Engine } from "#lib/engine/contract.ts";
import { type ActivationRow, readTable, rowsOf, tableOf, writeTable } from "./activations.ts";
import type { CaptureItem } from "./capture-items.ts";
import type { TraitContext } from "./context.ts";
import { askEngine, groupSizeFor } from "./items.ts";
import { itemName, type StageScope } from "./stage.ts";

/** Every captured row there is, by key: the working files of a run that was cut off, and the last completed tables. */
export async function heldRows({ run, paths }: TraitContext): Promise<Map<string, ActivationRow>> {
  const { artifacts } = run.ports;
  const { activations } = paths;
  const files = [activations.train, activations.val, ...(await artifacts.list(activations.parts))];
  const held = new Map<string, ActivationRow>();
  for (const file of files) {
    const bytes = await artifacts.read(file);
    if (!bytes) continue;
    for (const row of rowsOf(readTable(bytes, file))) held.set(row.key, row);
  }
  return held;
}

/**
 * Puts rows that are to be used again into a working file before the tables that hold them are replaced: a kill between
 * the two tables then loses nothing.
 */
export async function keepRows(trait: TraitContext, rows: readonly ActivationRow[]): Promise<void> {
  if (rows.length > 0) await writePart(trait, rows);
}

/** Removes the working files. */
export async function clearParts({ run, paths }: TraitContext): Promise<void> {
  for (const part of await run.ports.artifacts.list(paths.activations.parts))
    await run.ports.artifacts.remove(part);
}

/**
 * Captures the items that are not held, group by group, each group into a working file.
 * @returns [layers, hidden] by key; an item without an entry was reported as failed (empty slice, numbers that are not
 * finite, given up by the engine). `retry` counts those that another run may capture
 * Throws the engine's reason when it could capture nothing
 */
export async function captureMissing(
  scope: StageScope,
  items: readonly CaptureItem[],
  held: ReadonlyMap<string, ActivationRow>,
): Promise<{ rows: Map<string, Float32Array>; retry: number }> {
  const { run } = scope.trait;
  const rows = new Map<string, Float32Array>();
  for (const { key } of items) {
    const row = held.get(key);
    if (row) rows.set(key, row.values);
  }
  const unique = [...new Map(items.map((item) => [item.key, item])).values()];
  scope.progress(rows.size, unique.length, "activations");
  if (rows.size === unique.length) return { rows, retry: 0 };

  const engine = await run.engine(run.config.extraction_model);
  const tokens = await tokensOf(
    engine,
    unique.filter(({ key }) => !rows.has(key)),
  );
  const isRead = ({ key }: CaptureItem) => {
    const row = tokens.get(key);
    return (
      row !== undefined &&
      resolvePosition(run.position, row.promptTokens.length, row.responseTokens.length) !== null
    );
  };
  for (const item of unique) if (tokens.has(item.key) && !isRead(item)) reportEmpty(scope, item);
  const longest = Math.max(
    0,
    ...[...tokens.values()].map((row) => row.promptTokens.length + row.responseTokens.length),
  );
  const groupSize = await groupSizeFor(scope, engine, "extraction", longest);
  let retry = 0;
  let done = unique.length - unique.filter(isRead).length;
  for (let at = 0; at < unique.length; at += groupSize) {
    const group = unique.slice(at, at + groupSize).filter(isRead);
    if (group.length === 0) continue;
    scope.throwIfAborted();
    const { captured, failed } = await captureGroup(scope, engine, group, tokens);
    if (captured.length > 0) await writePart(scope.trait, captured);
    for (const { key, values } of captured) rows.set(key, values);
    for (const [{ polarity, index }, error] of failed) {
      if (rows.size === 0) throw error;
      scope.itemFailed(itemName(polarity, index), error.toJSON());
    }
    retry += failed.length;
    done += group.length;
    scope.progress(done, unique.length, "activations");
  }
  return { rows, retry };
}

async function captureGroup(
  scope: StageScope,
  engine: Engine,
  group: readonly CaptureItem[],
  tokens: ReadonlyMap<string, CaptureRow>,
): Promise<{ captured: ActivationRow[]; failed: [CaptureItem, AppError][] }> {
  const { run } = scope.trait;
  const { layers } = engine.describe();
  const request = {
    rows: group.flatMap(({ key }) => tokens.get(key) ?? []),
    positions: [run.position],
    component: run.config.component,
    layers: Array.from({ length: layers }, (_, layer) => layer),
  };
  const rows = await askEngine(scope, (options) => engine.capture(request, options));
  const captured: ActivationRow[] = [];
  const failed: [CaptureItem, AppError][] = [];
  group.forEach((item, at) => {
    const row = rows[at];
    if (!row) throw new AppError("internal", `capture gave ${rows.length} rows for ${group.length} items`);
    if (row instanceof AppError) failed.push([item, row]);
    else if (isUsable(scope, item, row)) {
      const { key, polarity, index } = item;
      captured.push({ key, label: polarity === "positive" ? 1 : 0, index, values: row.values });
    }
  });
  return { captured, failed };
}

function isUsable(scope: StageScope, item: CaptureItem, row: CapturedRow): boolean {
  if (row.empty[0]) {
    reportEmpty(scope, item);
    return false;
  }
  if (row.values.every(Number.isFinite)) return true;
  const message = "its hidden states hold numbers that are not finite: use a model with wider numbers (fp32)";
  scope.itemFailed(itemName(item.polarity, item.index), new AppError("model-unsupported", message).toJSON());
  return false;
}

function reportEmpty(scope: StageScope, { polarity, index }: CaptureItem): void {
  const message = `position ${scope.trait.run.config.position} holds no token of it: it is left out`;
  scope.itemFailed(itemName(polarity, index), new AppError("empty-slice", message).toJSON());
}

/** Tokens as they were generated; texts without them are tokenised as `generate` would. */
async function tokensOf(engine: Engine, items: readonly CaptureItem[]): Promise<Map<string, CaptureRow>> {
  const known = new Map<string, CaptureRow>();
  for (const { key, tokens } of items) if (tokens) known.set(key, tokens);
  const texts = items.filter(({ tokens }) => tokens === null);
  if (texts.length === 0) return known;
  const prompts = await engine.encode(texts.map(({ prompt }) => prompt));
  const answers = await engine.encodeText(texts.map(({ answer }) => answer ?? ""));
  texts.forEach(({ key, answer }, at) => {
    const promptTokens = prompts[at];
    const responseTokens = answers[at];
    if (!promptTokens || !responseTokens) throw new AppError("internal", "encode gave fewer rows than texts");
    known.set(key, { promptTokens, responseTokens: answer === null ? [] : responseTokens });
  });
  return known;
}

async function writePart(trait: TraitContext, rows: readonly ActivationRow[]): Promise<void> {
  const model = await trait.run.identify(trait.run.config.extraction_model);
  const name = (await sha256(rows.map(({ key }) => key).join("\n"))).slice(0, 32);
  const path = `${trait.paths.activations.parts}/${name}.safetensors`;
  await trait.run.ports.artifacts.write(path, writeTable(tableOf(rows, model.layers, model.hidden)));
}
