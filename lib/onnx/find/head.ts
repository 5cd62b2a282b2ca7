import type { Node } from "../proto/messages.ts";
import { rootOf, type Stream } from "./stream.ts";

/** What stands between the last block and the logits. */
export interface Head {
  /** Input of the head with every token, after the final norm; null where tokens are selected before the norm. */
  normed: string | null;
  /** Reading a token from here and giving it to all users of `target` leaves the rest of the graph as it is. */
  source: string;
  target: string;
  /** Something (a norm) changes the stream before the head. */
  finalNorm: boolean;
  /** The head's multiplication, where one is found. */
  multiplication: Node | null;
}

const multiplications = new Set([
  "DynamicQuantizeMatMul",
  "Einsum",
  "FusedGemm",
  "FusedMatMul",
  "Gemm",
  "MatMul",
  "MatMulBnb4",
  "MatMulFpQ4",
  "MatMulInteger",
  "MatMulIntegerToFloat",
  "MatMulNBits",
  "QLinearMatMul",
]);
const quantizers = new Set(["DynamicQuantizeLinear", "QuantizeLinear"]);
const selectors = new Set(["Gather", "GatherND", "Slice"]);
const axisFixes = new Set(["Identity", "Reshape", "Squeeze", "Unsqueeze"]);

/** Finds the head behind the last addition; null where the graph has none that can be recognised. */
export function findHead(stream: Stream): Head | null {
  const { body, region, additions } = stream;
  const last = additions.at(-1);
  if (!last) return null;
  const { nodes } = body.graph;
  const tail = region.spine.filter((at) => at > last.node || (last.fused && at === last.node));
  const start = tail.findIndex((at) => {
    const op = nodes[at]?.opType ?? "";
    return multiplications.has(op) || quantizers.has(op);
  });
  const entry = nodes[tail[start] ?? -1];
  const input = entry?.inputs.find((name) => region.carries(name));
  if (!entry || input === undefined) return null;
  // After the head a Reshape may spell out the number of tokens: then single tokens can't pass.
  const after = tail.slice(start + 1).map((at) => nodes[at]?.opType);
  if (after.includes("Reshape")) return null;
  const multiplication = tail.map((at) => nodes[at]).find((node) => node && multiplications.has(node.opType));
  const selection = selectionOf(stream, tail.slice(0, start));
  if (selection === "several") return null;
  const before = selection?.target === input ? selection.source : input;
  const normed = rootOf(body, before);
  return {
    normed: selection && selection.target !== input ? null : normed,
    source: selection?.source ?? input,
    target: selection?.target ?? input,
    finalNorm: last.fused || normed !== rootOf(body, last.state),
    multiplication: multiplication ?? null,
  };
}

/** Where an export already drops tokens on the way to the head; the axis that this takes may be put back. */
function selectionOf(
  { body: { graph } }: Stream,
  way: readonly number[],
): { source: string; target: string } | "several" | null {
  const at = way.findIndex((node) => selectors.has(graph.nodes[node]?.opType ?? ""));
  if (at === -1) return null;
  let end = at;
  while (axisFixes.has(graph.nodes[way[end + 1] ?? -1]?.opType ?? "")) end++;
  const source = graph.nodes[way[at] ?? -1]?.inputs[0];
  const target = graph.nodes[way[end] ?? -1]?.outputs[0];
  const again = way.slice(end + 1).some((node) => selectors.has(graph.nodes[node]?.opType ?? ""));
  return source === undefined || target === undefined || again ? "several" : { source, target };
}
