import type { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import type { BatchMode, Engine, EngineCallOptions } from "#lib/engine/contract.ts";
import type { ItemKind, Ledger } from "./ports.ts";
import type { StageScope } from "./stage.ts";

const LOOKUP = 1_000;

/** The ledger's values for these keys, checked; what this version cannot read counts as not finished. */
export async function finishedItems<Schema extends z.ZodType>(
  ledger: Ledger,
  keys: readonly string[],
  schema: Schema,
): Promise<Map<string, z.output<Schema>>> {
  const unique = [...new Set(keys)];
  const found = new Map<string, z.output<Schema>>();
  for (let at = 0; at < unique.length; at += LOOKUP) {
    for (const [key, value] of await ledger.finished(unique.slice(at, at + LOOKUP))) {
      const parsed = schema.safeParse(value);
      if (parsed.success) found.set(key, parsed.data);
    }
  }
  return found;
}

export interface ItemWork<Item extends { key: string }, Schema extends z.ZodType> {
  items: readonly Item[];
  kind: ItemKind;
  schema: Schema;
  /** Items of a group are computed and recorded together. */
  groupSize: number;
  /** What progress counts. */
  unit: string;
  /** One value an item, in their order, or why there is none. */
  compute(group: Item[]): Promise<(z.input<Schema> | AppError)[]>;
  /** Told of an item without a value; a later run computes it. */
  onFailed?(item: Item, error: AppError): void;
}

/**
 * Computes the items that the ledger does not hold, group by group, and records each group before the next begins.
 * Groups are cut from the whole list, finished or not: a resumed run batches the rest as an undisturbed one would, so
 * that its numbers agree to the last bit. Items with equal keys are computed once.
 * @returns by key the value of every item that did not fail
 * Throws the first failure when nothing could be computed: the reason is hardly the items' own then
 */
export async function finishItems<Item extends { key: string }, Schema extends z.ZodType>(
  scope: StageScope,
  { items, kind, schema, groupSize, unit, compute, onFailed }: ItemWork<Item, Schema>,
): Promise<Map<string, z.output<Schema>>> {
  const { ledger } = scope.trait.run.ports;
  const unique = [...new Map(items.map((item) => [item.key, item])).values()];
  const values = await finishedItems(ledger, [...unique.map(({ key }) => key)], schema);
  scope.progress(values.size, unique.length, unit);
  for (let at = 0; at < unique.length; at += groupSize) {
    const group = unique.slice(at, at + groupSize).filter(({ key }) => !values.has(key));
    if (group.length === 0) continue;
    scope.throwIfAborted();
    const results = await compute(group);
    if (results.length !== group.length) {
      throw new AppError("internal", `${kind}: ${results.length} results for ${group.length} items`);
    }
    const computed = group.flatMap(({ key }, index) =>
      results[index] instanceof AppError ? [] : [{ key, kind, value: results[index] }],
    );
    await ledger.record(computed);
    for (const { key, value } of computed) values.set(key, schema.parse(value));
    group.forEach((item, index) => {
      const result: unknown = results[index];
      if (!(result instanceof AppError)) return;
      if (values.size === 0) throw result;
      onFailed?.(item, result);
    });
    scope.progress(values.size, unique.length, unit);
  }
  return values;
}

/** Asks an engine for a stage's rows. @returns a result a row, or why the engine gave it up */
export async function askEngine<Result>(
  scope: StageScope,
  ask: (options: EngineCallOptions) => Promise<Result[]>,
): Promise<(Result | AppError)[]> {
  const failed = new Map<number, AppError>();
  const results = await ask({
    ...(scope.signal ? { signal: scope.signal } : {}),
    onNotice: scope.info,
    onRowFailed: (row, error) => failed.set(row, error),
  });
  return results.map((result, row) => failed.get(row) ?? result);
}

/** Bounds of a group: small enough to lose little when killed, large enough to fill a device. */
const GROUP = { least: 8, most: 256 } as const;

/**
 * How many rows are sent to the engine and recorded at once: the planned batch, rounded down to a power of two so that
 * a little more or less free memory gives the same groups.
 * @param tokens of the longest row
 */
export async function groupSizeFor(
  scope: StageScope,
  engine: Engine,
  mode: BatchMode,
  tokens: number,
): Promise<number> {
  const plan = await engine.planBatch(mode, Math.max(1, tokens));
  scope.info(plan.diagnostic);
  const rounded = 2 ** Math.floor(Math.log2(Math.max(1, plan.size)));
  return Math.min(GROUP.most, Math.max(GROUP.least, rounded));
}
