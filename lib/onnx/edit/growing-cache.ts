import type { Graph } from "../proto/messages.ts";

/** Attribute of GroupQueryAttention: the past is a ring buffer as long as the attention window, allocated beforehand. */
export const slidingCache = "sliding_window_cache";

/** Lets every layer take a cache that grows from length 0; the window itself (`local_window_size`) stays. */
export function growCaches(graph: Graph): void {
  for (const node of graph.nodes) {
    node.attributes = node.attributes.filter(({ name }) => name !== slidingCache);
    for (const { graph: inner } of node.attributes) if (inner) growCaches(inner);
  }
}
