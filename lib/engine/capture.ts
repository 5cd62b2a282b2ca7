import { AppError } from "#lib/core/errors.ts";
import { type Position, resolvePosition } from "#lib/core/position.ts";
import type { Component as GraphComponent } from "#lib/onnx/contract.ts";
import type { CapturedRow, CaptureRow, Component } from "./contract.ts";
import { promptFeeds } from "./feeds.ts";
import type { GraphSession } from "./graph-session.ts";
import { type CacheShape, emptyPast } from "./kv-cache.ts";
import type { Feed, HostTensor } from "./session.ts";
import { asFloat32 } from "./tensors.ts";

/** The instrumenter's name of a component. */
export const graphComponent: Record<Component, GraphComponent> = {
  residual: "residual",
  attn_out: "attn",
  mlp_out: "mlp",
};

export interface CaptureBatch {
  rows: readonly CaptureRow[];
  positions: readonly Position[];
  component: Component;
  /** Ascending. */
  layers: readonly number[];
}

/**
 * Reads pooled hidden states of one right-padded batch. Pooling happens in the graph: only
 * [taps, rows, positions, hidden] is read back.
 * @param open a `capture` graph that reaches the highest wanted layer
 */
export async function captureBatch(
  open: GraphSession,
  batch: CaptureBatch,
  cache: CacheShape,
): Promise<CapturedRow[]> {
  const { graph, session } = open;
  const tokens = batch.rows.map((row) => [...row.promptTokens, ...row.responseTokens]);
  const width = Math.max(...tokens.map((row) => row.length));
  const ranges = batch.rows.map((row) => tokenRanges(row, batch.positions));
  const output = graph.captured[graphComponent[batch.component]];
  if (output === undefined || graph.inputs.pool === undefined) {
    throw new AppError("model-unsupported", `this model's graph does not show ${batch.component}`);
  }
  const { layers, components } = graph.description;
  if (batch.component === "mlp_out" && components.mlp < layers) {
    throw new AppError(
      "model-unsupported",
      `${layers - components.mlp} of this model's ${layers} blocks have no MLP of their own: read residual or attn_out`,
    );
  }
  const feeds: Record<string, Feed> = {
    ...promptFeeds(graph, tokens, width),
    ...emptyPast(graph, tokens.length, cache),
    [graph.inputs.pool]: poolWeights(ranges, width),
  };
  const captured = (await session.run(feeds, { read: [output] })).read[output];
  if (!captured) throw new AppError("internal", `the graph gave no ${output}`);
  return batch.rows.map((_, row) => ({
    values: readRow(captured, row, batch, ranges[row] ?? []),
    empty: (ranges[row] ?? []).map((range) => range === null),
  }));
}

type TokenRange = { start: number; end: number } | null;

/** Where each position lies in one row's tokens; null where it is empty. */
export function tokenRanges(row: CaptureRow, positions: readonly Position[]): TokenRange[] {
  return positions.map((position) =>
    resolvePosition(position, row.promptTokens.length, row.responseTokens.length),
  );
}

/** Mean weights: 1/n over a range's n tokens, 0 elsewhere; float32 [rows, positions, width]. */
export function poolWeights(ranges: readonly TokenRange[][], width: number): HostTensor {
  const positions = ranges[0]?.length ?? 0;
  const data = new Float32Array(ranges.length * positions * width);
  ranges.forEach((rowRanges, row) => {
    rowRanges.forEach((range, at) => {
      const start = (row * positions + at) * width;
      if (range) data.fill(1 / (range.end - range.start), start + range.start, start + range.end);
    });
  });
  return { type: "float32", dims: [ranges.length, positions, width], data };
}

/** One row of [taps, rows, positions, hidden] as [positions, layers, hidden]; NaN where a position is empty. */
function readRow(captured: HostTensor, row: number, batch: CaptureBatch, ranges: TokenRange[]): Float32Array {
  const [, rows = 0, positions = 0, hidden = 0] = captured.dims;
  const source = asFloat32(captured);
  const values = new Float32Array(positions * batch.layers.length * hidden).fill(Number.NaN);
  // Residual tap 0 is the embedding; the state after block N is tap N + 1.
  const firstTap = batch.component === "residual" ? 1 : 0;
  ranges.forEach((range, position) => {
    if (range === null) return;
    batch.layers.forEach((layer, at) => {
      const start = (((layer + firstTap) * rows + row) * positions + position) * hidden;
      values.set(source.subarray(start, start + hidden), (position * batch.layers.length + at) * hidden);
    });
  });
  return values;
}
