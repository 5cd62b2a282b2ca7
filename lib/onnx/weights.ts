import type { Graph } from "./model.ts";

// Smaller ones stay inside: the graph is read before its data, and shape constants must be known then.
const MIN_BYTES = 1024;

/** Turns embedded weights into external ones that point into the file they lie in. No byte of them is copied. */
export function pointWeightsAt(graph: Graph, file: string): void {
  for (const tensor of graph.initializers) {
    const { content } = tensor;
    if (!content || content.end - content.start < MIN_BYTES) continue;
    tensor.external = new Map([
      ["location", file],
      ["offset", String(content.start)],
      ["length", String(content.end - content.start)],
    ]);
    tensor.raw = null;
  }
}
