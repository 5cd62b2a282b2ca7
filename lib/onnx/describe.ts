import type { DescribeOptions, GraphDescription, GraphValue } from "./contract.ts";
import { instrumentError } from "./errors.ts";
import { type Model, parseModel } from "./model.ts";
import { findStream, nameOf, type ResidualStream } from "./stream.ts";
import { elementTypes, inferTypes } from "./types.ts";

/** What a decoder graph offers, without editing it. Throws `instrument`. */
export function describeGraph(modelBytes: Uint8Array, options: DescribeOptions = {}): GraphDescription {
  const model = parseModel(modelBytes);
  return describeModel(model, findStream(model.graph), options);
}

export function describeModel(
  model: Model,
  stream: ResidualStream,
  options: DescribeOptions,
): GraphDescription {
  const { graph } = model;
  const { blocks } = stream;
  if (options.expectedLayers !== undefined && blocks.length !== options.expectedLayers) {
    const last = graph.nodes[blocks.at(-1)?.end.node ?? -1];
    throw instrumentError(
      "layer-count",
      `found ${blocks.length} layers, config.json says ${options.expectedLayers}`,
      {
        node: nameOf(last),
      },
    );
  }
  const types = inferTypes(graph);
  const value = ({ name, elementType, dims }: (typeof graph.inputs)[number]): GraphValue => ({
    name,
    dtype: elementTypes[elementType] ?? "unknown",
    dims: dims ?? [],
  });
  const past = graph.inputs.filter(({ name }) => /^past/.test(name));
  const present = graph.outputs.filter(({ name }) => /^present/.test(name));
  const ops = new Set(graph.nodes.map(({ opType }) => opType));
  const gqa = ops.has("GroupQueryAttention");
  const logits = graph.outputs.find(({ name }) => name === stream.logits);
  const lastDim = logits?.dims?.at(-1);
  const kvDims = past[0]?.dims ?? [];
  const streamType = elementTypes[types.get(stream.embedding) ?? 1];
  const rowCoupled = ops.has("DynamicQuantizeLinear");
  const mlps = blocks.filter(({ mlp }) => mlp !== null).length;
  return {
    layers: blocks.length,
    hidden: hiddenOf(model, stream),
    vocab: typeof lastDim === "number" ? lastDim : null,
    streamDtype: streamType === "float16" || streamType === "bfloat16" ? streamType : "float32",
    weightDtype: weightDtype(model, ops),
    exporter:
      /genai/i.test(model.producer) || ops.has("SkipSimplifiedLayerNormalization")
        ? "genai"
        : /pytorch|optimum/i.test(model.producer)
          ? "optimum"
          : "unknown",
    components: { residual: blocks.length + 1, attn: blocks.length, mlp: mlps },
    finalNorm: true,
    attention: gqa ? "gqa" : ops.has("MultiHeadAttention") ? "mha" : "plain",
    rowCoupled,
    kv: {
      past: past.map(({ name }) => name),
      present: present.map(({ name }) => name),
      heads: typeof kvDims[1] === "number" ? kvDims[1] : 0,
      headSize: typeof kvDims[3] === "number" ? kvDims[3] : 0,
    },
    inputs: graph.inputs.map(value),
    outputs: graph.outputs.map(value),
    padding: { left: !gqa, right: true },
    warnings: [
      ...(gqa ? ["grouped-query attention: batches must be padded on the right"] : []),
      ...(rowCoupled
        ? ["dynamic quantisation lets rows of a batch influence each other: run at batch size 1"]
        : []),
      ...(mlps < blocks.length ? [`${blocks.length - mlps} blocks have no MLP of their own`] : []),
    ],
  };
}

function weightDtype({ graph }: Model, ops: Set<string>): string {
  const halves = graph.initializers.filter(
    ({ dataType, content, external }) => dataType === 10 && (content || external.size > 0),
  );
  if (ops.has("MatMulNBits")) return halves.length > 0 ? "q4f16" : "q4";
  if (ops.has("DynamicQuantizeLinear") || ops.has("MatMulInteger")) return "q8";
  return halves.length > 0
    ? "fp16"
    : graph.initializers.some(({ dataType }) => dataType === 16)
      ? "bf16"
      : "fp32";
}

/** The stream's width: the length of the last norm's weight, or the embedding's columns. */
function hiddenOf({ graph }: Model, stream: ResidualStream): number {
  const weights = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const last = stream.blocks.at(-1)?.end.node ?? 0;
  for (const at of [last, ...stream.chain.filter((node) => node >= last), ...graph.nodes.keys()]) {
    for (const input of graph.nodes[at]?.inputs ?? []) {
      const dims = weights.get(input)?.dims;
      if (dims?.length === 1 && (dims[0] ?? 0) > 1) return dims[0] as number;
    }
    if (at === stream.chain.at(-1)) break;
  }
  throw instrumentError("odd-layer", "the width of the residual stream could not be found");
}
