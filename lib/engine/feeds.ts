import type { InstrumentedGraph } from "#lib/onnx/contract.ts";
import { inputType } from "./graph-session.ts";
import { attentionMask, padRight, promptPositions } from "./padding.ts";
import type { Feed, HostTensor } from "./session.ts";
import { integers, zeros } from "./tensors.ts";

/** The ordinary inputs of the first call over a batch: right-padded tokens, mask, positions. Cache and ours apart. */
export function promptFeeds(
  graph: InstrumentedGraph,
  prompts: readonly (readonly number[])[],
  width: number,
): Record<string, Feed> {
  const lengths = prompts.map((prompt) => prompt.length);
  const dims = [prompts.length, width];
  return {
    [graph.tokens.name]: int(graph, graph.tokens.name, padRight(prompts, width, 0), dims),
    ...optional(graph, graph.attentionMask, attentionMask(lengths, width), dims),
    ...optional(graph, graph.positionIds, promptPositions(lengths, width), dims),
    ...switches(graph, false),
  };
}

/**
 * The ordinary inputs of a later call: one new token a row.
 * @param lengths prompt tokens of each row
 * @param generated tokens of each row's answer so far, the new one included
 */
export function nextTokenFeeds(
  graph: InstrumentedGraph,
  tokens: readonly number[],
  lengths: readonly number[],
  width: number,
  generated: number,
): Record<string, Feed> {
  const rows = tokens.length;
  const mask = attentionMask(lengths, width, generated);
  const positions = Int32Array.from(lengths, (length) => length + generated - 1);
  return {
    [graph.tokens.name]: int(graph, graph.tokens.name, Int32Array.from(tokens), [rows, 1]),
    ...optional(graph, graph.attentionMask, mask, [rows, width + generated]),
    ...optional(graph, graph.positionIds, positions, [rows, 1]),
    ...switches(graph, true),
  };
}

/** Positions, within this call, whose logits are wanted: one a row. Empty where the graph gives all logits. */
export function logitsAt(graph: InstrumentedGraph, at: Int32Array): Record<string, Feed> {
  const name = graph.inputs.logitsAt;
  return name === undefined ? {} : { [name]: int(graph, name, at, [at.length]) };
}

function switches(graph: InstrumentedGraph, cached: boolean): Record<string, Feed> {
  const flag: HostTensor = { type: "bool", dims: [1], data: Uint8Array.of(cached ? 1 : 0) };
  return {
    ...(graph.useCacheBranch === null ? {} : { [graph.useCacheBranch]: flag }),
    ...(graph.logitsToKeep === null ? {} : { [graph.logitsToKeep]: zeros("int64", []) }),
  };
}

function optional(graph: InstrumentedGraph, name: string | null, values: Int32Array, dims: number[]) {
  return name === null ? {} : { [name]: int(graph, name, values, dims) };
}

function int(graph: InstrumentedGraph, name: string, values: Int32Array, dims: number[]): HostTensor {
  return integers(inputType(graph, name), values, dims);
}
