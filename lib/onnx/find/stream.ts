import type { Component } from "./contract.ts";
import { instrumentError } from "./errors.ts";
import { type GraphIndex, indexGraph } from "./graph-index.ts";
import type { Graph, Node } from "./model.ts";

/** One place where a component is added to the residual stream. */
export interface StreamStep {
  /** Index of the Add or skip norm in the graph. */
  node: number;
  fused: boolean;
  /** The stream before; after: the node's sum (a fused norm's 4th output, which may have to be added). */
  before: string;
  after: string;
  /** Operand index of the whole that is added. */
  addedOperand: number;
  /** What is added, split into its branches. */
  parts: { value: string; kind: Exclude<Component, "residual"> }[];
  /** The sum lies flattened, [batch * T, H]. */
  flat: boolean;
}

export interface Block {
  attn: string;
  mlp: string | null;
  attnFlat: boolean;
  mlpFlat: boolean;
  /** The step whose sum is the state after this block. */
  end: StreamStep;
}

export interface ResidualStream {
  index: GraphIndex;
  tokens: string;
  logits: string;
  embedding: string;
  blocks: Block[];
  /** Nodes that every path from the tokens to the logits crosses, in order. */
  chain: number[];
}

const skipNorms = new Set(["SkipLayerNormalization", "SkipSimplifiedLayerNormalization"]);
const transparent = new Set(["Cast", "Identity", "Dropout", "Reshape"]);
const attentionOps = new Set([
  "GroupQueryAttention",
  "MultiHeadAttention",
  "Attention",
  "PackedAttention",
  "SparseAttention",
  "DecoderMaskedMultiHeadAttention",
  "PagedAttention",
  "LinearAttention",
]);
const shapeOps = new Set(["Shape", "Size"]);

export function nameOf(node: Node | undefined): string {
  return node ? `${node.opType} ${node.name || node.outputs[0] || ""}`.trim() : "the graph";
}

/** Finds the residual stream by structure alone (instrumenter.md). Throws `instrument` with the code of the step that failed. */
export function findStream(graph: Graph): ResidualStream {
  const index = indexGraph(graph);
  const tokens = ["input_ids", "inputs_embeds"].find((name) =>
    graph.inputs.some((input) => input.name === name),
  );
  if (!tokens) throw instrumentError("no-token-input", "the graph has no input_ids or inputs_embeds input");
  const logits = graph.outputs.find(({ name }) => name === "logits")?.name;
  if (!logits) throw instrumentError("no-logits", "the graph has no logits output");
  const branch = graph.nodes.find(({ opType, outputs }) => opType === "If" && outputs.includes(logits));
  if (branch)
    throw instrumentError("if-branches", "the decoder lies in two branches", { node: nameOf(branch) });

  const onPath = pathNodes(graph, index, tokens, logits);
  if (onPath.size === 0) throw instrumentError("disconnected", "no path leads from the tokens to the logits");
  const chain = dominators(index, onPath);
  const resolve = (value: string): { value: string; flips: number } => {
    let flips = 0;
    let at = value;
    for (;;) {
      const producer = graph.nodes[index.producer.get(at) ?? -1];
      if (!producer || !transparent.has(producer.opType) || !producer.inputs[0]) return { value: at, flips };
      if (producer.opType === "Reshape") flips++;
      at = producer.inputs[0];
    }
  };
  const inPath = (value: string) =>
    onPath.has(index.producer.get(resolve(value).value) ?? -1) || resolve(value).value === tokens;
  const isSum = (node: Node) =>
    (node.opType === "Add" || node.opType === "Sum") && node.inputs.filter(inPath).length >= 2;

  const candidates = chain.filter((at) => {
    const node = graph.nodes[at];
    return node !== undefined && (skipNorms.has(node.opType) || isSum(node));
  });
  if (candidates.length === 0) throw instrumentError("no-residual", "nothing is added to a residual stream");

  const cone = (value: string, stop: string): Set<number> => {
    const seen = new Set<number>();
    const queue = [value];
    // A fused norm makes the stream and its normed copy: the cone ends at the node, not at the value.
    const last = index.producer.get(stop);
    while (queue.length > 0) {
      const at = index.producer.get(queue.pop() as string);
      if (at === undefined || at === last || seen.has(at) || !onPath.has(at)) continue;
      seen.add(at);
      queue.push(...(index.reads[at] ?? []));
    }
    return seen;
  };
  const presents = new Set(graph.outputs.map(({ name }) => name).filter((name) => name !== logits));
  const pasts = new Set(graph.inputs.map(({ name }) => name).filter((name) => /^past/.test(name)));
  const kindOf = (value: string, stop: string): "attn" | "mlp" => {
    const nodes = [...cone(value, stop)].map((at) => graph.nodes[at] as Node);
    const touchesCache = nodes.some(
      ({ inputs, outputs }) =>
        inputs.some((name) => pasts.has(name)) || outputs.some((name) => presents.has(name)),
    );
    const softmax =
      nodes.some(({ opType }) => opType === "Softmax") && !nodes.some(({ opType }) => opType === "TopK");
    return touchesCache || softmax || nodes.some(({ opType }) => attentionOps.has(opType)) ? "attn" : "mlp";
  };

  const steps: StreamStep[] = [];
  let before: string | null = null;
  let flat = false;
  let embedding = "";
  for (const at of candidates) {
    const node = graph.nodes[at] as Node;
    const fused = skipNorms.has(node.opType);
    const operands = (fused ? node.inputs.slice(0, 2) : node.inputs).map((name, operand) => ({
      name,
      operand,
      ...resolve(name),
    }));
    if (before === null) {
      const start = operands.find((operand) =>
        operands.some((other) => other !== operand && coneHolds(cone(other.value, ""), index, operand.value)),
      );
      if (!start) {
        // Position embeddings and the like: this sum still builds the embedding.
        continue;
      }
      before = start.value;
      embedding = start.value;
    }
    const stream: string = before;
    const same = operands.find(({ value }) => value === resolve(stream).value || value === stream);
    const leaves: { value: string; operand: number }[] = [];
    let flips = 0;
    if (same) {
      flips = same.flips;
      leaves.push(
        ...operands
          .filter((operand) => operand !== same && inPath(operand.name))
          .map(({ name, operand }) => ({ value: name, operand })),
      );
    } else {
      // Add(Add(stream, a), b)
      const nested = operands.flatMap(({ value, operand }) => {
        const inner = graph.nodes[index.producer.get(value) ?? -1];
        if (!inner || !isSum(inner)) return [];
        const own = inner.inputs.map((name) => ({ name, ...resolve(name) }));
        return own.some((leaf) => leaf.value === resolve(stream).value) ? [{ operand, inner: own }] : [];
      })[0];
      if (!nested) {
        throw instrumentError("broken-chain", "an addition does not take up the stream of the one before", {
          node: nameOf(node),
        });
      }
      leaves.push(
        ...nested.inner
          .filter((leaf) => leaf.value !== resolve(stream).value && inPath(leaf.name))
          .map(({ name }) => ({ value: name, operand: nested.operand })),
        ...operands
          .filter(({ operand, name }) => operand !== nested.operand && inPath(name))
          .map(({ name, operand }) => ({ value: name, operand })),
      );
    }
    const parts = leaves.flatMap(({ value }) => {
      const inner = graph.nodes[index.producer.get(resolve(value).value) ?? -1];
      const split =
        inner && isSum(inner)
          ? inner.inputs.map((name) => ({ value: name, kind: kindOf(name, stream) }))
          : [];
      const kinds = new Set(split.map(({ kind }) => kind));
      return kinds.size === 2 ? split : [{ value, kind: kindOf(value, stream) }];
    });
    if (flips % 2 === 1) flat = !flat;
    const after = fused ? (node.outputs[3] ?? "") : (node.outputs[0] ?? "");
    steps.push({
      node: at,
      fused,
      before: stream,
      after,
      addedOperand: leaves.at(-1)?.operand ?? 1,
      parts,
      flat,
    });
    before = after || `${nameOf(node)}.sum`;
    if (fused && !after) break;
  }
  if (before === null)
    throw instrumentError("no-stream-start", "no addition carries the embedding", {
      node: nameOf(graph.nodes[candidates[0] ?? 0]),
    });
  return { index, tokens, logits, embedding, blocks: blocksOf(steps, graph), chain };
}

function coneHolds(nodes: Set<number>, index: GraphIndex, value: string): boolean {
  const at = index.producer.get(value);
  return at !== undefined && nodes.has(at);
}

function blocksOf(steps: StreamStep[], graph: Graph): Block[] {
  const blocks: Block[] = [];
  for (const step of steps) {
    const where = { node: nameOf(graph.nodes[step.node]) };
    for (const { value, kind } of step.parts) {
      if (kind === "attn")
        blocks.push({ attn: value, mlp: null, attnFlat: step.flat, mlpFlat: step.flat, end: step });
    }
    const block = blocks.at(-1);
    if (!block) throw instrumentError("odd-layer", "an MLP comes before any attention", where);
    const mlps = step.parts.filter(({ kind }) => kind === "mlp");
    if (mlps.length > 1 || (mlps.length === 1 && block.mlp !== null)) {
      throw instrumentError("odd-layer", "a block has more than one MLP", where);
    }
    if (mlps[0]) {
      block.mlp = mlps[0].value;
      block.mlpFlat = step.flat;
    }
    block.end = step;
  }
  if (blocks.length === 0) throw instrumentError("no-residual", "no attention adds to the stream");
  return blocks;
}

function pathNodes(graph: Graph, index: GraphIndex, source: string, sink: string): Set<number> {
  const forward = new Set<number>();
  const reached = new Set([source]);
  graph.nodes.forEach((node, at) => {
    if (shapeOps.has(node.opType) || !(index.reads[at] ?? []).some((name) => reached.has(name))) return;
    forward.add(at);
    for (const output of node.outputs) if (output) reached.add(output);
  });
  const path = new Set<number>();
  const queue = [sink];
  while (queue.length > 0) {
    const at = index.producer.get(queue.pop() as string);
    if (at === undefined || path.has(at) || !forward.has(at)) continue;
    path.add(at);
    queue.push(...(index.reads[at] ?? []));
  }
  return path;
}

/** In topological order a node is on every path exactly when no edge jumps over it. */
function dominators(index: GraphIndex, onPath: Set<number>): number[] {
  const nodes = [...onPath].sort((a, b) => a - b);
  const chain: number[] = [];
  let reach = -1;
  for (const at of nodes) {
    if (reach <= at) chain.push(at);
    for (const [value, producer] of outputsOf(index, at)) {
      for (const user of index.consumers.get(value) ?? [])
        if (onPath.has(user) && producer === at) reach = Math.max(reach, user);
    }
  }
  return chain;
}

const outputsByNode = new WeakMap<GraphIndex, Map<number, string[]>>();

function outputsOf(index: GraphIndex, at: number): [string, number][] {
  let map = outputsByNode.get(index);
  if (!map) {
    map = new Map();
    for (const [value, producer] of index.producer) map.set(producer, [...(map.get(producer) ?? []), value]);
    outputsByNode.set(index, map);
  }
  return (map.get(at) ?? []).map((value) => [value, at]);
}
