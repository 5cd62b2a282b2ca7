import { z } from "zod";
import { AppError } from "#lib/core/errors.ts";
import { contentHash } from "#lib/core/hash.ts";
import type { Position } from "#lib/core/position.ts";
import type { Engine } from "#lib/engine/contract.ts";
import { norm } from "./activations.ts";
import { askEngine, finishItems } from "./items.ts";
import type { StageScope } from "./stage.ts";
import type { SteeredAnswer } from "./steer-answers.ts";
import type { SteeringInputs } from "./steer-inputs.ts";

const VERSION = "1";
/** At most this many tokens of an answer are read, evenly spread: the mean hardly moves, the memory does. */
const ANSWER_TOKENS = 32;
const GROUP = 8;

const normsSchema = z.object({ tokens: z.number(), sums: z.record(z.string(), z.number()) });

/**
 * mean‖h_L‖ over single tokens of the unsteered application model: the last prompt token and the answer's tokens, which
 * is where steering acts by default. The length of one token's state, not of an average of states.
 * @returns by layer
 */
export async function baseNorms(
  scope: StageScope,
  engine: Engine,
  { model, layers }: SteeringInputs,
  baseline: readonly SteeredAnswer[],
): Promise<Map<number, number>> {
  const longest = Math.max(0, ...baseline.map(({ tokens }) => tokens?.response.length ?? 0));
  const positions = tokenPositions(longest);
  const items = await Promise.all(
    baseline
      .flatMap(({ tokens }, at) => (tokens ? [{ tokens, at }] : []))
      .map(async ({ tokens, at }) => {
        const row = { promptTokens: tokens.prompt, responseTokens: tokens.response };
        const key = await contentHash({
          kind: "steer-norms",
          version: VERSION,
          model: model.fingerprint,
          row,
          layers,
          positions,
        });
        return { key, row, at };
      }),
  );
  const values = await finishItems(scope, {
    items,
    kind: "steer-norms",
    schema: normsSchema,
    groupSize: GROUP,
    unit: "baseline norms",
    async compute(group) {
      const request = {
        rows: group.map(({ row }) => row),
        positions,
        component: "residual" as const,
        layers,
      };
      const captured = await askEngine(scope, (options) => engine.capture(request, options));
      return captured.map((row) =>
        row instanceof AppError ? row : sumsOf(row.values, row.empty, layers, model.hidden),
      );
    },
    onFailed: ({ at }, error) => scope.itemFailed(`norm of baseline answer ${at + 1}`, error.toJSON()),
  });
  const all = items.flatMap(({ key }) => values.get(key) ?? []);
  const tokens = all.reduce((sum, item) => sum + item.tokens, 0);
  return new Map(
    layers.map((layer) => {
      const total = all.reduce((sum, item) => sum + (item.sums[String(layer)] ?? 0), 0);
      const mean = total / tokens;
      if (mean > 0 && Number.isFinite(mean)) return [layer, mean];
      throw new AppError(
        "model-unsupported",
        `the mean norm of ${model.id}'s states at layer ${layer} is ${mean}: it cannot be steered`,
      );
    }),
  );
}

/** `prompt[-1]` and up to 32 single answer tokens; a token past a row's end is empty for that row. */
function tokenPositions(longest: number): Position[] {
  const stride = Math.max(1, Math.ceil(longest / ANSWER_TOKENS));
  const answer = Array.from(
    { length: Math.ceil(longest / stride) },
    (_, at): Position => ({
      frame: "response",
      slice: { index: at * stride },
    }),
  );
  return [{ frame: "prompt", slice: { index: -1 } }, ...answer];
}

/** @param values [positions, layers, hidden] */
function sumsOf(values: Float32Array, empty: readonly boolean[], layers: readonly number[], hidden: number) {
  const sums = new Map(layers.map((layer) => [layer, 0]));
  let tokens = 0;
  empty.forEach((isEmpty, position) => {
    if (isEmpty) return;
    tokens += 1;
    layers.forEach((layer, at) => {
      const start = (position * layers.length + at) * hidden;
      sums.set(layer, (sums.get(layer) ?? 0) + norm(values, start, hidden));
    });
  });
  return { tokens, sums: Object.fromEntries([...sums].map(([layer, sum]) => [String(layer), sum])) };
}
