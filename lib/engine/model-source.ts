import { AppError } from "#lib/core/errors.ts";
import type { ByteSource, GraphDescription } from "#lib/onnx/index.ts";
import type { ModelShape } from "./batching.ts";
import type { Device, ModelDescription } from "./contract.ts";
import type { ModelConfig, TillerFile } from "./model-config.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** A model's files, read by whoever can reach them: JSON files parsed, the graph on demand. */
export interface ModelSource {
  id: string;
  device: Device;
  config: unknown;
  /** Null where the model has no such file. */
  generationConfig: unknown;
  tokenizer: object;
  tokenizerConfig: object;
  /** The text of `chat_template.jinja`. */
  chatTemplate?: string;
  tiller: unknown;
  /** The model's ONNX file, whole or read where asked; fetched anew for every edit, never kept. */
  readGraph(): Promise<Uint8Array | ByteSource>;
  /** That file's name, to which the edited graphs' weights point. */
  graphFile: string;
  files: { name: string; bytes: number; sha256: string }[];
  fingerprint: string;
}

// Where config.json is silent about the context, the shortest that was usual.
const DEFAULT_CONTEXT = 2048;

/** Puts together what the graph, the config and the files say about a model. */
export function describeModel(
  source: ModelSource,
  graph: GraphDescription,
  config: ModelConfig,
  tokenizer: Tokenizer,
  tiller: TillerFile,
): ModelDescription {
  const vocabulary = graph.vocab ?? config.vocabulary;
  if (vocabulary === undefined) {
    throw new AppError(
      "model-unsupported",
      "neither the graph nor config.json (vocab_size) gives the vocabulary's size",
    );
  }
  const warnings = [...graph.warnings];
  if (config.contextLength === undefined) {
    warnings.push(`config.json gives no max_position_embeddings: ${DEFAULT_CONTEXT} is assumed`);
  }
  if (graph.rowCoupled) {
    warnings.push("dynamic 8-bit quantisation couples the rows of a batch: this model runs at batch size 1");
  }
  return {
    id: source.id,
    label: tiller.label ?? source.id,
    layers: graph.layers,
    hidden: graph.hidden,
    vocabulary,
    dtype: graph.weightDtype,
    exporter: graph.exporter,
    device: source.device,
    contextLength: config.contextLength ?? DEFAULT_CONTEXT,
    hasChatTemplate: tokenizer.hasChatTemplate,
    rowCoupled: graph.rowCoupled,
    fingerprint: source.fingerprint,
    files: source.files,
    judge: tiller.judge ?? null,
    warnings,
  };
}

/** The sizes from which a batch's memory is estimated. */
export function modelShape(
  description: ModelDescription,
  graph: GraphDescription,
  config: ModelConfig,
): ModelShape {
  const heads = config.heads ?? Math.max(1, Math.round(graph.hidden / 64));
  return {
    layers: graph.layers,
    hidden: graph.hidden,
    intermediate: config.intermediate ?? 4 * graph.hidden,
    vocabulary: description.vocabulary,
    heads,
    kvHeads: graph.kv.heads || (config.kvHeads ?? heads),
    headSize: graph.kv.headSize || (config.headSize ?? Math.ceil(graph.hidden / heads)),
    kvBytes: graph.inputs.some(({ name, dtype }) => graph.kv.past.includes(name) && dtype.endsWith("16"))
      ? 2
      : 4,
  };
}
