import type { Graph, Node } from "./proto/messages.ts";

/** ONNX element types by number (onnx.proto, TensorProto.DataType). */
export const elementTypes: Record<number, string> = {
  1: "float32",
  2: "uint8",
  3: "int8",
  4: "uint16",
  5: "int16",
  6: "int32",
  7: "int64",
  8: "string",
  9: "bool",
  10: "float16",
  11: "float64",
  12: "uint32",
  13: "uint64",
  16: "bfloat16",
  21: "uint4",
  22: "int4",
};
export const floatType = 1;
export const int64Type = 7;

const int64Ops = new Set(["Shape", "Size", "ArgMax", "ArgMin", "NonZero"]);
const boolOps = new Set([
  "Equal",
  "Less",
  "Greater",
  "LessOrEqual",
  "GreaterOrEqual",
  "And",
  "Or",
  "Not",
  "IsNaN",
  "IsInf",
]);

/**
 * The element type of every value, found by walking the nodes in order: exact for what lies on the residual stream.
 * @param outer types of the enclosing graph, for a branch
 */
export function inferTypes(
  graph: Graph,
  outer: ReadonlyMap<string, number> = new Map(),
): Map<string, number> {
  const types = new Map(outer);
  for (const { name, elementType } of [...graph.inputs, ...graph.valueInfo, ...graph.outputs])
    if (elementType) types.set(name, elementType);
  for (const { name, dataType } of graph.initializers) types.set(name, dataType);
  for (const node of graph.nodes) {
    const type = outputType(node, types);
    for (const output of node.outputs) if (output && type && !types.has(output)) types.set(output, type);
  }
  return types;
}

function outputType(node: Node, types: Map<string, number>): number | undefined {
  const of = (at: number) => types.get(node.inputs[at] ?? "");
  const attribute = (name: string) => node.attributes.find((candidate) => candidate.name === name);
  if (int64Ops.has(node.opType)) return int64Type;
  if (boolOps.has(node.opType)) return 9;
  switch (node.opType) {
    case "Cast":
      return attribute("to")?.int ?? undefined;
    case "Constant":
    case "ConstantOfShape":
      return attribute("value")?.tensor?.dataType ?? floatType;
    case "Where":
      return of(1);
    case "DequantizeLinear":
      return of(1);
    case "GatherBlockQuantized":
      return of(2);
    case "DynamicQuantizeLinear":
      return 2;
    case "MatMulInteger":
    case "ConvInteger":
      return 6;
    default:
      return of(0);
  }
}
