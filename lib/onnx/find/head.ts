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

/** Finds the head behind the last addition; null where the graph has none that can be recognised. */
export function findHead({ body, region, additions }: Stream): Head | null {
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
  const selecting = tail.slice(0, start).filter((at) => selectors.has(nodes[at]?.opType ?? ""));
  const first = nodes[selecting[0] ?? -1];
  const final = nodes[selecting.at(-1) ?? -1];
  const source = first?.inputs[0];
  const target = final?.outputs[0];
  const selects = selecting.length === 1 && source !== undefined && target !== undefined;
  const selectsLast = selects && rootOf(body, input) === rootOf(body, target);
  const normed = rootOf(body, selectsLast ? source : input);
  return {
    normed: selects && !selectsLast ? null : normed,
    source: selects ? source : input,
    target: selects ? target : input,
    finalNorm: last.fused || normed !== rootOf(body, last.state),
    multiplication: multiplication ?? null,
  };
}
