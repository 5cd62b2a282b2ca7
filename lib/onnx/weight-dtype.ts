import { elementTypes } from "./element-types.ts";
import type { Graph, Node } from "./proto/messages.ts";
import { readModel } from "./proto/read-model.ts";
import type { ByteSource } from "./proto/wire.ts";

const short: Record<string, string> = {
  float32: "fp32",
  float16: "fp16",
  bfloat16: "bf16",
  float64: "fp64",
  int8: "q8",
  uint8: "q8",
  int4: "q4",
  uint4: "q4",
};

/** How the weights are stored: fp32, fp16, bf16, q4, q4f16 (4 bits, computed in half precision), q8 … */
export function weightDtype(graphs: readonly Graph[], nodes: readonly Node[]): string {
  const elements = new Map<string, number>();
  for (const { dims, dataType } of graphs.flatMap(({ initializers }) => initializers)) {
    const dtype = elementTypes[dataType];
    // A vector is a norm, a bias or a scale, kept in higher precision.
    if (dtype === undefined || dims.length < 2) continue;
    const count = dims.reduce((product, dim) => product * dim, 1);
    elements.set(dtype, (elements.get(dtype) ?? 0) + count);
  }
  const half = (elements.get("float16") ?? 0) > (elements.get("float32") ?? 0) ? "f16" : "";
  const bits = packedBits(nodes);
  if (bits !== null) return `q${bits}${half}`;
  if (nodes.some(({ opType }) => /^(MatMulInteger|DynamicQuantizeMatMul|QLinearMatMul)/.test(opType)))
    return "q8";
  const [largest] = [...elements].sort(([, a], [, b]) => b - a)[0] ?? ["float32"];
  return short[largest] ?? largest;
}

/**
 * The same of an ONNX file, of which only the structure is read.
 * Throws `instrument` (not-onnx, truncated).
 */
export function storedDtype(model: Uint8Array | ByteSource): string {
  const graphs = withInner(readModel(model).graph);
  return weightDtype(
    graphs,
    graphs.flatMap(({ nodes }) => nodes),
  );
}

function withInner(graph: Graph): Graph[] {
  const inner = graph.nodes.flatMap(({ attributes }) =>
    attributes.flatMap((attribute) => attribute.graph ?? []),
  );
  return [graph, ...inner.flatMap(withInner)];
}

/** Bits of block-wise packed weights, those of most multiplications. */
function packedBits(nodes: readonly Node[]): number | null {
  const counts = new Map<number, number>();
  for (const { opType, attributes } of nodes) {
    if (opType === "MatMulBnb4") counts.set(4, (counts.get(4) ?? 0) + 1);
    if (opType !== "MatMulNBits" && opType !== "QMoE") continue;
    const name = opType === "QMoE" ? "expert_weight_bits" : "bits";
    const bits = attributes.find((attribute) => attribute.name === name)?.int ?? 4;
    counts.set(bits, (counts.get(bits) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}
