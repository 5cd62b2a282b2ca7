import { checkInputs, inputType } from "#lib/engine/graph-session.ts";
import { type CacheShape, emptyPast } from "#lib/engine/kv-cache.ts";
import type { ModelConfig } from "#lib/engine/model-config.ts";
import type { Feed, HostTensor } from "#lib/engine/session.ts";
import { integers, zeros } from "#lib/engine/tensors.ts";
import type { InstrumentedGraph } from "#lib/onnx/index.ts";
import type { Layout } from "./layout.ts";

export function floatFeed(data: Float32Array, dims: number[]): HostTensor {
  return { type: "float32", data, dims };
}

export function cacheShape({ kvHeads, headSize }: ModelConfig): CacheShape {
  return { kvHeads, headSize };
}

/** The graph's own inputs for one pass over a layout with an empty cache; ours apart. Throws `model-unsupported`. */
export function layoutFeeds(
  graph: InstrumentedGraph,
  layout: Layout,
  dims: readonly [batch: number, length: number],
  cache: CacheShape,
): Record<string, Feed> {
  checkInputs(graph);
  const feeds = emptyPast(graph, dims[0], cache);
  const feed = (name: string | null, values: Int32Array) => {
    if (name !== null) feeds[name] = integers(inputType(graph, name), values, dims);
  };
  feed(graph.tokens.name, layout.tokens);
  feed(graph.attentionMask, layout.mask);
  feed(graph.positionIds, layout.positions);
  if (graph.useCacheBranch !== null) feeds[graph.useCacheBranch] = zeros("bool", [1]);
  if (graph.logitsToKeep !== null) feeds[graph.logitsToKeep] = zeros("int64", []);
  return feeds;
}

/** `tiller.steer` [1, L, H] with `vector` times `coefficient` after one block; zeros without a vector. */
export function steerFeed(
  { layers, hidden }: { layers: number; hidden: number },
  at: { vector: Float32Array; layer: number; coefficient: number } | null,
): HostTensor {
  const data = new Float32Array(layers * hidden);
  at?.vector.forEach((value, column) => {
    data[at.layer * hidden + column] = value * at.coefficient;
  });
  return floatFeed(data, [1, layers, hidden]);
}
