import type { DescribeOptions, GraphDescription, GraphValue } from "./contract.ts";
import { slidingCache } from "./edit/growing-cache.ts";
import { elementTypes, inferTypes } from "./element-types.ts";
import { logitsToKeep, publicInputs } from "./find/decoder.ts";
import { type Plan, planModel } from "./find/plan.ts";
import { groupQueryHeadSize, vocabularySize } from "./find/widths.ts";
import type { Graph, Node, Value } from "./proto/messages.ts";
import { readModel } from "./proto/read-model.ts";
import type { ByteSource } from "./proto/wire.ts";
import { weightDtype } from "./weight-dtype.ts";

/**
 * What a decoder graph offers, without editing it.
 * @param model an ONNX file, whole or as a source of which only the structure is read
 * Throws `instrument`, whose details say where the search stopped.
 */
export function describeGraph(
  model: Uint8Array | ByteSource,
  options: DescribeOptions = {},
): GraphDescription {
  return describePlan(planModel(readModel(model), options.expectedLayers));
}

export function describePlan(plan: Plan): GraphDescription {
  const { decoder } = plan;
  const [{ stream, blocks, head, hidden }] = plan.bodies;
  const { graph } = decoder.model;
  const nodes = plan.bodies.flatMap(({ stream: { body } }) => allNodes(body.graph));
  const ops = new Set(nodes.map(({ opType }) => opType));
  const outer = stream.body.outer ? inferTypes(stream.body.outer) : undefined;
  const types = inferTypes(stream.body.graph, outer);
  const streamDtype = elementTypes[types.get(stream.embedding) ?? 1];
  const inputs = publicInputs(graph);
  const kvDims = inputs.find(({ name }) => name === decoder.past[0])?.dims ?? [];
  const rowCoupled = ["DynamicQuantizeLinear", "DynamicQuantizeMatMul"].some((op) => ops.has(op));
  const mlp = blocks.filter((block) => block.mlp.length > 0).length;
  const description: GraphDescription = {
    layers: blocks.length,
    hidden,
    vocab: vocabularySize(stream.body, head, decoder),
    streamDtype: streamDtype === "float16" || streamDtype === "bfloat16" ? streamDtype : "float32",
    weightDtype: weightDtype([graph, ...plan.bodies.map((body) => body.stream.body.graph)], nodes),
    exporter: exporterOf(decoder.model.producer, nodes),
    components: { residual: blocks.length + 1, attn: blocks.length, mlp },
    finalNorm: head?.finalNorm ?? false,
    attention: attentionOf(ops),
    lastLogitsOnly:
      head !== null && head.source !== head.target && !inputs.some(({ name }) => logitsToKeep.includes(name)),
    rowCoupled,
    kv: {
      past: decoder.past,
      present: decoder.present,
      heads: typeof kvDims[1] === "number" ? kvDims[1] : 0,
      headSize: typeof kvDims[3] === "number" ? kvDims[3] : groupQueryHeadSize(stream.body),
      sliding: nodes.some(({ attributes }) => attributes.some(({ name }) => name === slidingCache)),
    },
    inputs: inputs.map(toGraphValue),
    outputs: graph.outputs.map(toGraphValue),
    padding: { left: padsLeft(inputs, nodes, ops), right: true },
    warnings: [],
  };
  return { ...description, warnings: warningsOf(description, plan) };
}

export function toGraphValue({ name, elementType, dims }: Value): GraphValue {
  return { name, dtype: elementTypes[elementType] ?? "unknown", dims: dims ?? [] };
}

function allNodes(graph: Graph): Node[] {
  return graph.nodes.flatMap((node) => [
    node,
    ...node.attributes.flatMap(({ graph: inner }) => (inner ? allNodes(inner) : [])),
  ]);
}

function exporterOf(producer: string, nodes: Node[]): GraphDescription["exporter"] {
  if (/genai/i.test(producer)) return "genai";
  // Quantisers and optimisers put their own name in: the two exporters' ways to name nodes remain.
  if (nodes.some(({ name }) => name.includes("/attn_mask_reformat/"))) return "genai";
  const traced = nodes.some(({ name }) => /^\/\w+\/.+\/(MatMul|Gemm|Add)(_\d+)?(_quant)?$/.test(name));
  return /pytorch|optimum/i.test(producer) || traced ? "optimum" : "unknown";
}

function attentionOf(ops: ReadonlySet<string>): GraphDescription["attention"] {
  if (ops.has("GroupQueryAttention")) return "gqa";
  return ops.has("MultiHeadAttention") || ops.has("Attention") ? "mha" : "plain";
}

/**
 * Left padding needs a mask that hides the padding and positions that count real tokens only.
 * GroupQueryAttention takes the number of masked tokens for a length from the left, so it never can.
 */
function padsLeft(inputs: Value[], nodes: Node[], ops: ReadonlySet<string>): boolean {
  const has = (name: string) => inputs.some((input) => input.name === name);
  if (ops.has("GroupQueryAttention") || !has("attention_mask")) return false;
  return has("position_ids") || nodes.some(({ opType }) => opType === "CumSum");
}

function warningsOf(
  description: GraphDescription,
  { decoder, bodies: [{ stream, blocks }] }: Plan,
): string[] {
  const { attention, rowCoupled, inputs, components, layers, kv } = description;
  const masked = inputs.some(({ name }) => name === "attention_mask");
  const warnings: [boolean, string][] = [
    [
      attention === "gqa",
      "grouped-query attention: pad batches on the right; left padding gives wrong states",
    ],
    [!masked, "no attention_mask input: rows of different length cannot be generated together"],
    [kv.sliding, "sliding-window cache buffers are replaced by a cache that grows, with the same results"],
    [
      rowCoupled,
      "dynamic quantisation lets the rows of a batch influence each other: measure at batch size 1",
    ],
    [components.mlp < layers, `${layers - components.mlp} of ${layers} layers have no MLP of their own`],
    [stream.postNorm, "the stream is normalised inside the blocks: states are read after that norm"],
    [blocks.some(({ splitMlp }) => splitMlp), "some layers add several MLPs; they are read as their sum"],
    [decoder.branching !== null, "merged export: prefill and decoding are two branches of one graph"],
  ];
  return warnings.filter(([holds]) => holds).map(([, text]) => text);
}
