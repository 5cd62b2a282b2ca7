import { AppError } from "#lib/core/errors.ts";
import type { InstrumentedGraph, InstrumentOptions } from "./contract.ts";
import { describePlan } from "./describe.ts";
import { growCaches } from "./edit/growing-cache.ts";
import { addLogitsAt, keepAllLogits } from "./edit/logits-at.ts";
import { pruneGraph } from "./edit/prune.ts";
import {
  added,
  addInputs,
  declareLogits,
  exposeTap,
  keepHalfCaches,
  keepOutputs,
  type Sizes,
} from "./edit/public-values.ts";
import { addition, addSteering, affine } from "./edit/steering.ts";
import { addTaps, nameSums, type TapName, tapsOf } from "./edit/taps.ts";
import { pointWeightsAt } from "./edit/weights.ts";
import { Workspace } from "./edit/workspace.ts";
import type { Decoder } from "./find/decoder.ts";
import { type BodyPlan, planModel } from "./find/plan.ts";
import { interfaceOf } from "./interface.ts";
import { readModel } from "./proto/read-model.ts";
import type { ByteSource } from "./proto/wire.ts";
import { writeModel } from "./proto/write-model.ts";

/**
 * Edits a decoder: hidden states come out, steering goes in, the weights stay in the original file.
 * @param model an ONNX file, whole or as a source of which only the structure is read
 * @throws AppError `instrument`, whose details say where the search stopped; `usage` for options that ask for nothing
 *   or for a layer that is not there
 */
export function instrument(model: Uint8Array | ByteSource, options: InstrumentOptions): InstrumentedGraph {
  const { variant, perToken, dataFile } = options;
  const plan = planModel(readModel(model), options.expectedLayers);
  const { decoder } = plan;
  const { graph } = decoder.model;
  const description = describePlan(plan);
  const { layers, hidden, vocab, lastLogitsOnly } = description;
  const wanted = wantedTaps(options, layers);
  const [batch = "batch_size", length = "sequence_length"] = decoder.tokens.dims ?? [];
  const sizes: Sizes = { batch, length, layers, hidden, vocab };

  const taps = plan.bodies.map((body) => editBody(body, decoder, options, wanted, lastLogitsOnly));
  addInputs(graph, sizes);
  const captured: InstrumentedGraph["captured"] = {};
  for (const [tap, { count }] of taps[0] ?? []) {
    const inner = taps.map((body) => body.get(tap)?.output ?? "");
    const shape = [count, batch, perToken ? length : "tiller_positions", hidden];
    captured[tap] = exposeTap(decoder, tap, inner, shape);
  }
  const outputs = graph.outputs;
  if (variant === "capture") keepOutputs(decoder, new Set(Object.values(captured)));
  else if (variant === "generate") declareLogits(decoder, "tiller_logits", sizes);
  else if (lastLogitsOnly) declareLogits(decoder, length, sizes);
  if (decoder.branching) for (const body of decoder.bodies) pruneGraph(body.graph);
  pruneGraph(graph);
  if (variant === "capture" && description.attention === "gqa") keepHalfCaches(graph, outputs);
  growCaches(graph);
  pointWeightsAt(graph, dataFile);
  return { bytes: writeModel(decoder.model), description, captured, ...interfaceOf(decoder, variant) };
}

function wantedTaps(
  { components, variant, finalNorm, highestLayer }: InstrumentOptions,
  layers: number,
): Set<TapName> {
  const wanted = new Set<TapName>(components ?? (variant === "generate" ? [] : ["residual"]));
  if (finalNorm) wanted.add("final_norm");
  if (variant === "capture" && wanted.size === 0) {
    throw new AppError("usage", "a capture graph needs at least one component to read");
  }
  if (highestLayer !== undefined && !(highestLayer >= 0 && highestLayer < layers)) {
    throw new AppError("usage", `layer ${highestLayer} is not there: layers count from 0 to ${layers - 1}`);
  }
  return wanted;
}

/** @returns each tap's output inside the body, and how many states it holds */
function editBody(
  { stream, blocks, head, hidden }: BodyPlan,
  { model, tokens }: Decoder,
  { variant, highestLayer, perToken, steer = "add" }: InstrumentOptions,
  wanted: ReadonlySet<TapName>,
  lastLogitsOnly: boolean,
): Map<TapName, { output: string; count: number }> {
  const workspace = new Workspace(model, stream.body, tokens.name);
  const top = variant === "capture" ? (highestLayer ?? blocks.length - 1) : blocks.length - 1;
  const used = blocks.slice(0, top + 1);
  nameSums(stream, workspace);
  const taps = tapsOf(stream, used, used.length === blocks.length ? head : null, wanted);
  // Steering first: it takes over the names of the states, which the taps then read.
  if (steer) {
    const change = steer === "affine" ? affine(workspace, added) : addition(workspace, added);
    addSteering(workspace, stream, used, hidden, change);
  }
  const outputs = addTaps(workspace, stream, taps, hidden, perToken ? null : added.pool);
  if (variant === "generate") addLogitsAt(workspace, stream, head, added.logitsAt);
  if (variant === "full" && head && lastLogitsOnly) keepAllLogits(stream, head);
  workspace.apply();
  return new Map([...outputs].map(([tap, output]) => [tap, { output, count: taps.get(tap)?.length ?? 0 }]));
}
