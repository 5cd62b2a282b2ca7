import type { Graph, Node } from "./model.ts";

/** Who makes and who uses each value. Values that subgraphs capture count as inputs of the node that holds the subgraph. */
export interface GraphIndex {
  producer: Map<string, number>;
  consumers: Map<string, number[]>;
  /** All values node i reads, captured ones included. */
  reads: string[][];
}

export function indexGraph(graph: Graph): GraphIndex {
  const producer = new Map<string, number>();
  const consumers = new Map<string, number[]>();
  const reads = graph.nodes.map((node) => [...node.inputs.filter((name) => name !== ""), ...captured(node)]);
  graph.nodes.forEach((node, at) => {
    for (const output of node.outputs) if (output !== "") producer.set(output, at);
    for (const input of reads[at] ?? []) {
      const users = consumers.get(input);
      if (users) users.push(at);
      else consumers.set(input, [at]);
    }
  });
  return { producer, consumers, reads };
}

/** Outer values that a node's subgraphs read. */
function captured(node: Node): string[] {
  return node.attributes.flatMap(({ graph }) => (graph ? freeValues(graph) : []));
}

function freeValues(graph: Graph): string[] {
  const own = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.map(({ name }) => name),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  const read = [
    ...graph.nodes.flatMap((node) => [...node.inputs, ...captured(node)]),
    ...graph.outputs.map(({ name }) => name),
  ];
  return read.filter((name) => name !== "" && !own.has(name));
}
