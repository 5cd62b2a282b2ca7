import { instrumentError } from "../errors.ts";
import type { Body } from "./decoder.ts";
import type { GraphIndex } from "./graph-index.ts";

/** The part of a decoder through which the tokens reach the logits. */
export interface Region {
  /** Nodes on any path from the tokens to the logits. */
  nodes: Set<number>;
  /** Nodes on every such path, in order. */
  spine: number[];
  onSpine: Set<number>;
  /** True for a value that the tokens flow through. */
  carries(value: string): boolean;
}

// A shape depends on how many tokens there are, not on which.
const shapeOps = new Set(["Shape", "Size"]);

/**
 * @param cut values whose consumers are not followed (cache outputs that a later block reads again)
 * Nodes must be in topological order. Throws `disconnected`.
 */
export function findRegion({ graph, index, sink }: Body, tokens: string, cut: ReadonlySet<string>): Region {
  const reached = new Set([tokens]);
  const forward = new Set<number>();
  graph.nodes.forEach((node, at) => {
    const reads = index.reads[at] ?? [];
    if (shapeOps.has(node.opType) || !reads.some((name) => reached.has(name) && !cut.has(name))) return;
    forward.add(at);
    for (const output of node.outputs) if (output !== "") reached.add(output);
  });
  const nodes = new Set<number>();
  const queue = [sink];
  for (let value = queue.pop(); value !== undefined; value = queue.pop()) {
    const at = index.producer.get(value);
    if (at === undefined || nodes.has(at) || !forward.has(at)) continue;
    nodes.add(at);
    for (const read of index.reads[at] ?? []) if (!cut.has(read)) queue.push(read);
  }
  if (nodes.size === 0) throw instrumentError("disconnected", "no path leads from the tokens to the logits");
  const spine = spineOf(
    index,
    nodes,
    tokens,
    cut,
    graph.nodes.map(({ outputs }) => outputs),
  );
  const carries = (value: string) => {
    const at = index.producer.get(value);
    return at === undefined ? value === tokens : nodes.has(at);
  };
  return { nodes, spine, onSpine: new Set(spine), carries };
}

/** In topological order a node lies on every path exactly when no edge jumps over it. */
function spineOf(
  index: GraphIndex,
  nodes: Set<number>,
  tokens: string,
  cut: ReadonlySet<string>,
  outputs: string[][],
): number[] {
  let furthest = -1;
  const follow = (value: string) => {
    if (cut.has(value)) return;
    for (const user of index.consumers.get(value) ?? []) {
      if (nodes.has(user)) furthest = Math.max(furthest, user);
    }
  };
  follow(tokens);
  const spine: number[] = [];
  for (const at of [...nodes].sort((a, b) => a - b)) {
    if (furthest <= at) spine.push(at);
    for (const output of outputs[at] ?? []) follow(output);
  }
  return spine;
}
