import { AppError } from "#lib/core/errors.ts";
import type { InstrumentedGraph } from "#lib/onnx/contract.ts";
import type { ElementType, Session } from "./session.ts";
import { elementType } from "./tensors.ts";

/** An instrumented graph, open in a runtime. */
export interface GraphSession {
  graph: InstrumentedGraph;
  session: Session;
}

/** Throws `model-unsupported` when the graph asks for an input that a decoder fed with token ids does not have. */
export function checkInputs(graph: InstrumentedGraph): void {
  const known = new Set<string | null | undefined>([
    graph.tokens.name,
    graph.attentionMask,
    graph.positionIds,
    graph.useCacheBranch,
    graph.logitsToKeep,
    ...graph.past.map(({ name }) => name),
    ...Object.values(graph.inputs),
  ]);
  const stranger = graph.requiredInputs.find(({ name }) => !known.has(name));
  if (stranger) {
    throw new AppError(
      "model-unsupported",
      `the model needs an input ${JSON.stringify(stranger.name)}, which a text decoder does not have: choose a text-only export`,
    );
  }
  if (graph.tokens.kind !== "ids") {
    throw new AppError(
      "model-unsupported",
      "the model takes embeddings instead of token ids: choose an export that takes input_ids",
    );
  }
}

/** The element type that an input of the graph asks for; int64 where the graph does not list it. */
export function inputType(graph: InstrumentedGraph, name: string): ElementType {
  const dtype = graph.requiredInputs.find((input) => input.name === name)?.dtype;
  return dtype === undefined ? "int64" : elementType(dtype, name);
}
