import { AppError } from "#lib/core/errors.ts";
import { evaluateLayer, extractLayer } from "#lib/vectors/layer.ts";
import type { ComputeJob, ComputeReply } from "./jobs.ts";

/** The whole of a compute thread: pure numerics in, pure values out. */
export default function work(request: ComputeJob): ComputeReply {
  try {
    if (request.kind === "extract") return { kind: "extract", vectors: extractLayer(request.job) };
    return { kind: "evaluate", evaluations: evaluateLayer(request.job) };
  } catch (error) {
    return { kind: "error", error: AppError.from(error).toJSON() };
  }
}
