import type { GraphVariant, InstrumentedGraph, InstrumentOptions } from "./contract.ts";
import { describePlan, toGraphValue } from "./describe.ts";
import { growCaches } from "./edit/growing-cache.ts";
import { addLogitsAt } from "./edit/logits-at.ts";
import { makeValue } from "./edit/nodes.ts";
import { pruneGraph } from "./edit/prune.ts";
import { addSteering } from "./edit/steering.ts";
import { addTaps, nameSums, type TapName, type Taps, tapsOf } from "./edit/taps.ts";
import { pointWeightsAt } from "./edit/weights.ts";
import { Workspace } from "./edit/workspace.ts";
import { elementTypes, floatType, int64Type } from "./element-types.ts";
import { type Decoder, publicInputs } from "./find/decoder.ts";
import { type BodyPlan, type Plan, planModel } from "./find/plan.ts";
import type { Graph, Value } from "./proto/messages.ts";
import { readModel } from "./proto/read-model.ts";
import type { ByteSource } from "./proto/wire.ts";
import { writeModel } from "./proto/write-model.ts";

const steer = "tiller.steer";
const gate = "tiller.gate";
const pool = "tiller.pool";
const logitsAt = "tiller.logits_at";

/**
 * Edits a decoder: hidden states come out, steering goes in, the weights stay in the original file.
 * @param model an ONNX file, whole or as a source of which only the structure is read
 * Throws `instrument`, whose details say where the search stopped.
 */
export function instrument(model: Uint8Array | ByteSource, options: InstrumentOptions): InstrumentedGraph {
  const plan = planModel(readModel(model), options.expectedLayers);
  const description = describePlan(plan);
  const { decoder } = plan;
  const { graph } = decoder.model;
  const wanted = wantedTaps(options);
  const steered = options.steer ?? true;
  const edits = plan.bodies.map((body) => editBody(body, decoder, options, wanted, steered));

  const dims = {
    batch: decoder.tokens.dims?.[0] ?? "batch_size",
    length: decoder.tokens.dims?.[1] ?? "sequence_length",
  };
  graph.inputs.push(
    makeValue(steer, floatType, ["tiller_steered_batch", description.layers, description.hidden]),
    makeValue(gate, floatType, [dims.batch, dims.length, 1]),
    makeValue(pool, floatType, [dims.batch, "tiller_positions", dims.length]),
    // No shape: both [batch] and [batch, N] are taken.
    { name: logitsAt, elementType: int64Type, dims: null, raw: null },
  );
  const captured = exposeTaps(plan, edits, (count) => [
    count,
    dims.batch,
    options.perToken ? dims.length : "tiller_positions",
    description.hidden,
  ]);
  const all = graph.outputs;
  if (options.variant === "capture") keepOutputs(decoder, new Set(Object.values(captured)));
  if (options.variant === "generate") {
    const { name, elementType } = decoder.logits;
    const shape = [dims.batch, "tiller_logits", description.vocab ?? "vocab_size"];
    graph.outputs = graph.outputs.map((output) =>
      output.name === name ? makeValue(name, elementType, shape) : output,
    );
    for (const { outputs } of branchGraphs(decoder)) {
      // The branch's own declaration no longer holds; the type is enough.
      const output = outputs[decoder.branching?.output ?? -1];
      if (output) Object.assign(output, { dims: null, raw: null });
    }
  }
  if (decoder.branching) for (const inner of branchGraphs(decoder)) pruneGraph(inner);
  pruneGraph(graph);
  if (options.variant === "capture" && description.attention === "gqa") keepHalfCaches(graph, all);
  growCaches(graph);
  pointWeightsAt(graph, options.dataFile);
  return { bytes: writeModel(decoder.model), ...interfaceOf(plan, options.variant, captured), description };
}

function wantedTaps({ components, variant, finalNorm }: InstrumentOptions): Set<TapName> {
  const wanted = new Set<TapName>(components ?? (variant === "generate" ? [] : ["residual"]));
  if (finalNorm) wanted.add("final_norm");
  return wanted;
}

interface BodyEdit {
  taps: Taps;
  /** Names of the taps' outputs inside the body. */
  outputs: Map<TapName, string>;
}

function editBody(
  { stream, blocks, head, hidden }: BodyPlan,
  { model, tokens }: Decoder,
  { variant, highestLayer, perToken }: InstrumentOptions,
  wanted: ReadonlySet<TapName>,
  steered: boolean,
): BodyEdit {
  const workspace = new Workspace(model, stream.body, tokens.name);
  const top = variant === "capture" ? (highestLayer ?? blocks.length - 1) : blocks.length - 1;
  const used = blocks.slice(0, top + 1);
  nameSums(stream, workspace);
  const taps = tapsOf(stream, used, used.length === blocks.length ? head : null, wanted);
  // Steering first: it takes over the names of the states, which the taps then read.
  if (steered) addSteering(workspace, stream, used, { steer, gate });
  const outputs = addTaps(workspace, stream, taps, hidden, perToken ? null : pool);
  if (variant === "generate") addLogitsAt(workspace, stream, head, logitsAt);
  workspace.apply();
  return { taps, outputs };
}

/** Makes the taps public outputs; those of two branches come out of the If. */
function exposeTaps(
  { decoder: { model, branching }, bodies }: Plan,
  edits: BodyEdit[],
  shape: (count: number) => (number | string | null)[],
): InstrumentedGraph["captured"] {
  const captured: InstrumentedGraph["captured"] = {};
  for (const [tap, states] of edits[0]?.taps ?? []) {
    const name = `tiller.captured.${tap}`;
    captured[tap] = name;
    model.graph.outputs.push(makeValue(name, floatType, shape(states.length)));
    if (!branching) continue;
    branching.node.outputs.push(name);
    bodies.forEach(({ stream }, at) => {
      const inner = edits[at]?.outputs.get(tap) ?? "";
      stream.body.graph.outputs.push(makeValue(inner, floatType, shape(states.length)));
    });
  }
  return captured;
}

function branchGraphs({ branching, bodies }: Decoder) {
  return branching ? bodies.map(({ graph }) => graph) : [];
}

/** Drops all other public outputs, and with them what an If makes for them. */
function keepOutputs(decoder: Decoder, kept: ReadonlySet<string>): void {
  const { branching, model } = decoder;
  model.graph.outputs = model.graph.outputs.filter(({ name }) => kept.has(name));
  if (!branching) return;
  const stays = branching.node.outputs.map((name) => kept.has(name));
  branching.node.outputs = branching.node.outputs.filter((_, at) => stays[at]);
  for (const graph of branchGraphs(decoder)) graph.outputs = graph.outputs.filter((_, at) => stays[at]);
}

/**
 * Where GroupQueryAttention runs in float32 over a float16 cache, ONNX Runtime casts the past and, unless the present
 * is an output, writes the present into that smaller buffer ("Shape mismatch attempting to re-use buffer").
 */
function keepHalfCaches(graph: Graph, outputs: readonly Value[]): void {
  const made = new Set(graph.nodes.flatMap((node) => node.outputs));
  const kept = new Set(graph.outputs.map(({ name }) => name));
  for (const output of outputs) {
    if (output.elementType !== floatType && made.has(output.name) && !kept.has(output.name)) {
      graph.outputs.push(output);
    }
  }
}

/** What the edited graph asks for and gives. */
function interfaceOf(
  { decoder }: Plan,
  variant: GraphVariant,
  captured: InstrumentedGraph["captured"],
): Omit<InstrumentedGraph, "bytes" | "description"> {
  const { model, tokens, logits } = decoder;
  const requiredInputs = publicInputs(model.graph).map(toGraphValue);
  const named = (name: string) => requiredInputs.find((input) => input.name === name);
  const first = (...names: string[]) => names.find((name) => named(name)) ?? null;
  const capture = variant === "capture";
  const past = requiredInputs.filter(({ name }) => decoder.past.includes(name));
  return {
    inputs: {
      ...(named(steer) ? { steer } : {}),
      ...(named(gate) ? { gate } : {}),
      ...(named(pool) ? { pool } : {}),
      ...(named(logitsAt) ? { logitsAt } : {}),
    },
    captured,
    logits: capture
      ? null
      : {
          name: logits.name,
          dtype: elementTypes[logits.elementType] ?? "unknown",
          layout: variant === "generate" ? "at" : "all",
        },
    tokens: {
      name: tokens.name,
      kind: tokens.name === "input_ids" ? "ids" : "embeddings",
      dtype: elementTypes[tokens.elementType] ?? "unknown",
    },
    attentionMask: first("attention_mask"),
    positionIds: first("position_ids"),
    useCacheBranch: first("use_cache_branch"),
    logitsToKeep: first("num_logits_to_keep", "logits_to_keep"),
    past,
    present: capture
      ? []
      : matchPresent(
          past.map(({ name }) => name),
          decoder.present,
        ),
    requiredInputs,
  };
}

/** The cache outputs in the order of the inputs they become: `past_key_values.0.key` is fed from `present.0.key`. */
function matchPresent(past: string[], present: string[]): string[] {
  const tail = (name: string) => name.replace(/^(past_key_values|past|present_key_values|present)/, "");
  const byTail = new Map(present.map((name) => [tail(name), name]));
  return past.map((name, at) => byTail.get(tail(name)) ?? present[at] ?? "").filter((name) => name !== "");
}
