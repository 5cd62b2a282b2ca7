import type { ErrorJson } from "#lib/core/errors.ts";
import type { VectorEvaluation } from "#lib/vectors/evaluation.ts";
import type {
  EvaluateLayerJob,
  ExtractedVector,
  ExtractLayerJob,
  LayerActivations,
} from "#lib/vectors/layer.ts";

/** What a compute thread is asked: one layer of one trait, all methods. */
export type ComputeJob =
  | { kind: "extract"; job: ExtractLayerJob }
  | { kind: "evaluate"; job: EvaluateLayerJob };

/** What it answers. Errors cross as JSON: a structured clone of an Error loses its code. */
export type ComputeReply =
  | { kind: "extract"; vectors: Record<string, ExtractedVector> }
  | { kind: "evaluate"; evaluations: Record<string, VectorEvaluation> }
  | { kind: "error"; error: ErrorJson };

/**
 * A copy of the activations whose buffers may be moved to a thread, and those buffers. The caller's own arrays stay
 * usable: a layer's rows are a few MB, copied once and then moved instead of cloned.
 */
export function movable(activations: LayerActivations): {
  activations: LayerActivations;
  buffers: ArrayBuffer[];
} {
  const values = activations.values.slice();
  const labels = activations.labels.slice();
  const indices = activations.indices.slice();
  return {
    activations: { values, labels, indices, hidden: activations.hidden },
    buffers: [values.buffer, labels.buffer, indices.buffer],
  };
}
