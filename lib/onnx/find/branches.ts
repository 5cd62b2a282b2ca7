import type { Body, Decoder } from "./decoder.ts";
import type { Region } from "./region.ts";

const attentionOps = new Set([
  "Attention",
  "DecoderMaskedMultiHeadAttention",
  "DecoderMaskedSelfAttention",
  "GroupQueryAttention",
  "LinearAttention",
  "MultiHeadAttention",
  "PackedAttention",
  "PackedMultiHeadAttention",
  "PagedAttention",
  "SparseAttention",
]);

/**
 * Attention or MLP? Attention, if the branch between the stream and `value` holds an attention op, reads or writes
 * the cache, or has a Softmax without a TopK (with one it is a router of experts).
 * @param from the node at which the stream enters the branch; the branch lies after it
 */
export function branchKind(
  { graph, index }: Body,
  decoder: Decoder,
  region: Region,
  value: string,
  from: number,
): "attn" | "mlp" {
  const past = new Set(decoder.past);
  const present = new Set([...decoder.present, ...branchOutputs(graph, decoder)]);
  const seen = new Set<number>();
  const queue = [value];
  let softmax = false;
  let topK = false;
  for (let read = queue.pop(); read !== undefined; read = queue.pop()) {
    if (past.has(read)) return "attn";
    const at = index.producer.get(read);
    if (at === undefined || at <= from || seen.has(at) || !region.nodes.has(at)) continue;
    seen.add(at);
    const node = graph.nodes[at];
    if (!node) continue;
    if (attentionOps.has(node.opType) || node.outputs.some((name) => present.has(name))) return "attn";
    softmax ||= node.opType === "Softmax";
    topK ||= node.opType === "TopK";
    for (const input of index.reads[at] ?? []) queue.push(input);
  }
  return softmax && !topK ? "attn" : "mlp";
}

/** Inside a branch the cache leaves under names of its own: all outputs but the logits. */
function branchOutputs(graph: Body["graph"], { branching, model }: Decoder): string[] {
  if (!branching || graph === model.graph) return [];
  return graph.outputs.filter((_, at) => at !== branching.output).map(({ name }) => name);
}
