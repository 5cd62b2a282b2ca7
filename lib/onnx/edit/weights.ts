import { type Graph, SMALL_TENSOR_BYTES } from "../proto/messages.ts";

/**
 * Turns embedded weights, those of subgraphs too, into external ones that point into the file they lie in.
 * No byte of them is copied.
 * @param file name of the model file, without a folder: ONNX Runtime refuses paths that leave it
 */
export function pointWeightsAt(graph: Graph, file: string): void {
  for (const tensor of graph.initializers) {
    const { content } = tensor;
    if (!content || content.end - content.start < SMALL_TENSOR_BYTES) continue;
    tensor.external = new Map([
      ["location", file],
      ["offset", String(content.start)],
      ["length", String(content.end - content.start)],
    ]);
    tensor.raw = null;
  }
  for (const node of graph.nodes) {
    for (const attribute of node.attributes) if (attribute.graph) pointWeightsAt(attribute.graph, file);
  }
}
