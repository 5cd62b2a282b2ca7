import { instrumentError } from "../errors.ts";
import type { Graph, Node, Tensor } from "../proto/messages.ts";
import type { Body, Decoder } from "./decoder.ts";
import { nameOf } from "./graph-index.ts";
import type { Head } from "./head.ts";
import type { Stream } from "./stream.ts";

/** A weight's header, through what exporters put between a weight and its use. */
function weightOf(body: Body, name: string): { dims: number[] } | null {
  const graphs: Graph[] = body.outer ? [body.graph, body.outer] : [body.graph];
  for (const graph of graphs) {
    const tensor: Tensor | undefined = graph.initializers.find((candidate) => candidate.name === name);
    if (tensor) return { dims: tensor.dims };
  }
  const node = body.graph.nodes[body.index.producer.get(name) ?? -1];
  const [input] = node?.inputs ?? [];
  if (!node || input === undefined) return null;
  if (node.opType === "Cast" || node.opType === "Identity" || node.opType === "DequantizeLinear") {
    return weightOf(body, input);
  }
  if (node.opType !== "Transpose") return null;
  const dims = weightOf(body, input)?.dims;
  return dims ? { dims: dims.toReversed() } : null;
}

function intOf(node: Node, name: string): number | null {
  return node.attributes.find((attribute) => attribute.name === name)?.int ?? null;
}

/** Columns of a multiplication's input and output, [in, out]; null where its weight does not tell. */
export function matrixWidths(body: Body, node: Node): [number, number] | null {
  const [k, n] = [intOf(node, "K"), intOf(node, "N")];
  if (k !== null && n !== null) return [k, n]; // MatMulNBits, MatMulBnb4
  for (const input of node.inputs) {
    const dims = weightOf(body, input)?.dims;
    const [rows, columns] = dims ?? [];
    if (dims?.length !== 2 || rows === undefined || columns === undefined) continue;
    return intOf(node, "transB") === 1 ? [columns, rows] : [rows, columns];
  }
  return null;
}

/** Width of the residual stream. Throws `odd-layer` where nothing tells it. */
export function hiddenSize(stream: Stream, decoder: Decoder): number {
  const { body, region, embedding, additions } = stream;
  for (const { name, dims } of [...body.graph.valueInfo, decoder.tokens]) {
    const width = dims?.at(-1);
    const named = name === embedding || additions.some(({ state }) => state === name);
    if (named && typeof width === "number" && width > 0) return width;
  }
  // The first weight that the stream meets: a norm's [H], or a matrix's [H, …].
  const seen = new Set<number>();
  const queue = [embedding, ...additions.map(({ state }) => state)];
  for (let value = queue.shift(); value !== undefined; value = queue.shift()) {
    for (const at of body.index.consumers.get(value) ?? []) {
      const node = body.graph.nodes[at];
      if (!node || seen.has(at) || !region.nodes.has(at)) continue;
      seen.add(at);
      const width = matrixWidths(body, node)?.[0] ?? vectorLength(body, node);
      if (width !== null) return width;
      queue.push(...node.outputs);
    }
  }
  throw instrumentError("odd-layer", "the width of the residual stream cannot be told from its weights", {
    node: nameOf(body.graph.nodes[additions[0]?.node ?? -1]),
  });
}

function vectorLength(body: Body, node: Node): number | null {
  for (const input of node.inputs) {
    const dims = weightOf(body, input)?.dims;
    const [length] = dims ?? [];
    if (dims?.length === 1 && length !== undefined && length > 1) return length;
  }
  return null;
}

/** Vocabulary size: the logits' declared width, else the head's columns. */
export function vocabularySize(body: Body, head: Head | null, decoder: Decoder): number | null {
  const declared = decoder.logits.dims?.at(-1);
  if (typeof declared === "number" && declared > 0) return declared;
  return head?.multiplication ? (matrixWidths(body, head.multiplication)?.[1] ?? null) : null;
}

/** Size of one head of GroupQueryAttention from the projection it reads; 0 where the graph does not say. */
export function groupQueryHeadSize(body: Body): number {
  const node = body.graph.nodes.find(({ opType }) => opType === "GroupQueryAttention");
  if (!node) return 0;
  const heads = intOf(node, "num_heads") ?? 0;
  const kvHeads = intOf(node, "kv_num_heads") ?? 0;
  const packed = (node.inputs[1] ?? "") === "";
  const columns = projectionWidth(body, node.inputs[packed ? 0 : 2] ?? "");
  const parts = packed ? heads + 2 * kvHeads : kvHeads;
  const size = parts > 0 ? columns / parts : 0;
  return Number.isInteger(size) ? size : 0;
}

function projectionWidth(body: Body, value: string): number {
  let node = body.graph.nodes[body.index.producer.get(value) ?? -1];
  // A bias may follow the multiplication.
  if (node?.opType === "Add") {
    const made = node.inputs.find((name) => body.index.producer.has(name)) ?? "";
    node = body.graph.nodes[body.index.producer.get(made) ?? -1];
  }
  return node ? (matrixWidths(body, node)?.[1] ?? 0) : 0;
}
