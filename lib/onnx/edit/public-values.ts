import type { AddedInput } from "../contract.ts";
import { floatType, int64Type } from "../element-types.ts";
import type { Decoder } from "../find/decoder.ts";
import type { Graph, Value } from "../proto/messages.ts";
import { makeValue } from "./nodes.ts";
import type { TapName } from "./taps.ts";

/** The inputs that edits add. */
export const added = {
  steer: "tiller.steer",
  directions: "tiller.directions",
  add: "tiller.add",
  mul: "tiller.mul",
  gate: "tiller.gate",
  pool: "tiller.pool",
  logitsAt: "tiller.logits_at",
} as const satisfies Record<AddedInput, string>;

/** Sizes of the public values; a string is a size that only a run knows. */
export interface Sizes {
  batch: number | string | null;
  length: number | string | null;
  layers: number;
  hidden: number;
  vocab: number | null;
}

/** Adds all inputs that an edit may read; those that none reads go with the pruning. */
export function addInputs(graph: Graph, { batch, length, layers, hidden }: Sizes): void {
  graph.inputs.push(
    makeValue(added.steer, floatType, ["tiller_steered_batch", layers, hidden]),
    makeValue(added.directions, floatType, ["tiller_edited_batch", layers, "tiller_directions", hidden]),
    makeValue(added.add, floatType, ["tiller_edited_batch", layers, "tiller_directions"]),
    makeValue(added.mul, floatType, ["tiller_edited_batch", layers, "tiller_directions"]),
    makeValue(added.gate, floatType, [batch, length, 1]),
    makeValue(added.pool, floatType, [batch, "tiller_positions", length]),
    // No shape: both [batch] and [batch, N] are taken.
    { name: added.logitsAt, elementType: int64Type, dims: null, raw: null },
  );
}

/**
 * Makes a tap public.
 * @param inner its name in each body: in two branches it is made twice, and comes out of the If
 * @returns its public name
 */
export function exposeTap(
  { model, branching, bodies }: Decoder,
  tap: TapName,
  inner: readonly string[],
  shape: (number | string | null)[],
): string {
  const name = `tiller.captured.${tap}`;
  model.graph.outputs.push(makeValue(name, floatType, shape));
  if (branching) {
    branching.node.outputs.push(name);
    bodies.forEach(({ graph }, at) => {
      graph.outputs.push(makeValue(inner[at] ?? "", floatType, shape));
    });
  }
  return name;
}

/** Declares the logits' new shape, [batch, `tokens`, vocab]. */
export function declareLogits(
  decoder: Decoder,
  tokens: number | string | null,
  { batch, vocab }: Sizes,
): void {
  const { model, logits, branching, bodies } = decoder;
  const value = makeValue(logits.name, logits.elementType, [batch, tokens, vocab ?? "vocab_size"]);
  model.graph.outputs = model.graph.outputs.map((output) => (output.name === logits.name ? value : output));
  if (!branching) return;
  for (const { graph } of bodies) {
    // In a branch the type is enough.
    graph.outputs = graph.outputs.map((output, at) =>
      at === branching.output ? { ...output, dims: null, raw: null } : output,
    );
  }
}

/** Drops all other public outputs, and with them what an If makes for them. */
export function keepOutputs({ model, branching, bodies }: Decoder, kept: ReadonlySet<string>): void {
  model.graph.outputs = model.graph.outputs.filter(({ name }) => kept.has(name));
  if (!branching) return;
  const stays = branching.node.outputs.map((name) => kept.has(name));
  branching.node.outputs = branching.node.outputs.filter((_, at) => stays[at]);
  for (const { graph } of bodies) graph.outputs = graph.outputs.filter((_, at) => stays[at]);
}

/**
 * Where GroupQueryAttention runs in float32 over a float16 cache, ONNX Runtime casts the past and, unless the present
 * is an output, writes the present into that smaller buffer ("Shape mismatch attempting to re-use buffer").
 */
export function keepHalfCaches(graph: Graph, outputs: readonly Value[]): void {
  const made = new Set(graph.nodes.flatMap((node) => node.outputs));
  const kept = new Set(graph.outputs.map(({ name }) => name));
  for (const output of outputs) {
    if (output.elementType !== floatType && made.has(output.name) && !kept.has(output.name)) {
      graph.outputs.push(output);
    }
  }
}
