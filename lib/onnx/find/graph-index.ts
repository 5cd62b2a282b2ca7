import { instrumentError } from "../errors.ts";
import type { Graph, Node } from "../proto/messages.ts";

/** Who makes and who reads each value of one graph. */
export interface GraphIndex {
  /** Node index that makes a value. Inputs, weights and values of an outer graph have none. */
  producer: Map<string, number>;
  consumers: Map<string, number[]>;
  /** All values node i reads, those that its subgraphs capture included; no empty names. */
  reads: string[][];
}

/** Throws `not-onnx` where two nodes make the same value. */
export function indexGraph(graph: Graph): GraphIndex {
  const producer = new Map<string, number>();
  const consumers = new Map<string, number[]>();
  const reads = graph.nodes.map(readsOf);
  graph.nodes.forEach((node, at) => {
    for (const output of node.outputs) {
      if (output === "") continue;
      if (producer.has(output)) {
        throw instrumentError("not-onnx", `two nodes make the value ${output}`, { node: nameOf(node) });
      }
      producer.set(output, at);
    }
    for (const input of reads[at] ?? []) {
      const users = consumers.get(input);
      if (users) users.push(at);
      else consumers.set(input, [at]);
    }
  });
  return { producer, consumers, reads };
}

/** All values a node reads, those that its subgraphs capture from outside included. */
export function readsOf(node: Node): string[] {
  const inputs = node.inputs.filter((name) => name !== "");
  return node.attributes.some(({ graph }) => graph) ? [...inputs, ...captured(node)] : inputs;
}

function captured(node: Node): string[] {
  return node.attributes.flatMap(({ graph }) => (graph ? freeValues(graph) : []));
}

function freeValues(graph: Graph): string[] {
  const own = new Set<string>();
  for (const { name } of graph.inputs) own.add(name);
  for (const { name } of graph.initializers) own.add(name);
  for (const { outputs } of graph.nodes) for (const output of outputs) own.add(output);
  const free = new Set<string>();
  for (const node of graph.nodes) for (const name of readsOf(node)) if (!own.has(name)) free.add(name);
  for (const { name } of graph.outputs) if (!own.has(name)) free.add(name);
  return [...free];
}

/** "OpType name", as errors show a node. */
export function nameOf(node: Node | undefined): string | null {
  return node ? `${node.opType} ${node.name || node.outputs.find((name) => name !== "") || ""}`.trim() : null;
}

/**
 * Puts the nodes into topological order, keeping the given order where it already is one.
 * Throws `not-onnx` for a cycle.
 */
export function sortNodes(graph: Graph): void {
  const { producer, reads } = indexGraph(graph);
  const sorted: Node[] = [];
  const state = new Uint8Array(graph.nodes.length); // 0 new, 1 waiting for its inputs, 2 placed
  const visit = (first: number) => {
    const stack = [first];
    for (let at = stack.at(-1); at !== undefined; at = stack.at(-1)) {
      const node = graph.nodes[at];
      const missing = (reads[at] ?? [])
        .map((name) => producer.get(name))
        .filter((from): from is number => from !== undefined && state[from] !== 2);
      if (node === undefined || missing.length === 0 || state[at] === 2) {
        if (node !== undefined && state[at] !== 2) sorted.push(node);
        state[at] = 2;
        stack.pop();
        continue;
      }
      if (state[at] === 1 || missing.includes(at)) {
        throw instrumentError("not-onnx", "the graph has a cycle", { node: nameOf(node) });
      }
      state[at] = 1;
      for (const from of missing.reverse()) stack.push(from);
    }
  };
  for (let at = 0; at < graph.nodes.length; at++) if (state[at] !== 2) visit(at);
  graph.nodes = sorted;
}
