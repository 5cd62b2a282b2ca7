import type { Graph } from "./proto/messages.ts";
import { readModel } from "./proto/read-model.ts";
import type { ByteSource } from "./proto/wire.ts";

/**
 * Bytes of a model's largest weight, embedded or in another file: a graphics device must hold it in one buffer.
 * Throws `instrument` (not-onnx, truncated).
 */
export function largestWeight(model: Uint8Array | ByteSource): number {
  return largestIn(readModel(model).graph);
}

function largestIn({ initializers, nodes }: Graph): number {
  let largest = 0;
  for (const { content, external } of initializers) {
    const bytes = content ? content.end - content.start : Number(external.get("length") ?? 0);
    if (bytes > largest) largest = bytes;
  }
  for (const { graph } of nodes.flatMap(({ attributes }) => attributes)) {
    if (graph) largest = Math.max(largest, largestIn(graph));
  }
  return largest;
}
