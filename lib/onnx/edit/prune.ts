import { indexGraph } from "../find/graph-index.ts";
import type { Graph } from "../proto/messages.ts";

/** Removes every node, weight and input that no output needs: ONNX Runtime runs all nodes whatever is fetched. */
export function pruneGraph(graph: Graph): void {
  const { producer, reads } = indexGraph(graph);
  const needed = new Set(graph.outputs.map(({ name }) => name));
  const kept = new Set<number>();
  const queue = [...needed];
  while (queue.length > 0) {
    const at = producer.get(queue.pop() as string);
    if (at === undefined || kept.has(at)) continue;
    kept.add(at);
    for (const name of reads[at] ?? []) {
      needed.add(name);
      queue.push(name);
    }
  }
  graph.nodes = graph.nodes.filter((_, at) => kept.has(at));
  graph.initializers = graph.initializers.filter(({ name }) => needed.has(name));
  graph.inputs = graph.inputs.filter(({ name }) => needed.has(name));
  const made = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  graph.valueInfo = graph.valueInfo.filter(({ name }) => made.has(name));
}
