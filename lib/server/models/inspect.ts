import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { describeGraph, type GraphDescription, instrumentFailure } from "#lib/onnx/index.ts";
import { readModelGraph } from "./model-graph.ts";

/** What `tiller models inspect --json` prints for a model that can be instrumented. */
export interface InspectedModel {
  id: string;
  layers: number;
  hidden: number;
  /** Of the weights: fp32, fp16, q4, … */
  dtype: string;
  exporter: GraphDescription["exporter"];
  /** Taps found: residual = layers + 1 (index 0 is the embedding), attn = layers, mlp = blocks with one. */
  components: GraphDescription["components"];
  /** A norm stands between the last block and the head. */
  final_norm: boolean;
  warnings: string[];
}

/** What it prints for a graph that cannot. */
export interface InspectFailure {
  code: string;
  message: string;
  /** The node where the search stopped, as "OpType name". */
  node: string | null;
  /** What to try. */
  hint: string;
}

export type InspectResult = InspectedModel | InspectFailure;

/**
 * What the instrumenter finds in a model folder's graph, held against config.json; no weights are loaded.
 * A graph that cannot be instrumented is a result, not an exception.
 * @param id as the person named the model; by default the folder's name
 * @throws AppError `not-found`, `invalid-file` when the folder is no model folder
 */
export async function inspectModel(
  folder: string,
  id = path.basename(path.resolve(folder)),
): Promise<InspectResult> {
  const model = await readModelGraph(folder);
  try {
    const graph = describeGraph(model.graph, { expectedLayers: model.config.layers });
    const { hidden } = model.config;
    if (hidden !== undefined && hidden !== graph.hidden) {
      graph.warnings.push(`the stream is ${graph.hidden} wide, config.json says hidden_size ${hidden}`);
    }
    return {
      id,
      layers: graph.layers,
      hidden: graph.hidden,
      dtype: graph.weightDtype,
      exporter: graph.exporter,
      components: graph.components,
      final_norm: graph.finalNorm,
      warnings: graph.warnings,
    };
  } catch (error) {
    const failure = error instanceof AppError ? instrumentFailure(error) : null;
    if (failure === null || !(error instanceof AppError)) throw error;
    return { code: failure.code, message: error.message, node: failure.node, hint: failure.hint };
  }
}
