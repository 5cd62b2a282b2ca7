import { instrumentError } from "../errors.ts";
import { nameOf } from "./graph-index.ts";
import type { Addition, Stream } from "./stream.ts";

/** One layer: attention, then (or beside it) an MLP. */
export interface Block {
  /** Values whose sum attention adds to the stream. */
  attn: string[];
  mlp: string[];
  /** The addition after which the block is over. */
  end: Addition;
  /** The MLP is added in more than one step. */
  splitMlp: boolean;
}

/** Groups the additions into layers; each begins with attention. Throws `odd-layer`, `no-residual`. */
export function blocksOf({ additions, body }: Stream): Block[] {
  const blocks: Block[] = [];
  for (const addition of additions) {
    if (addition.attn.length > 0) {
      blocks.push({ attn: addition.attn, mlp: addition.mlp, end: addition, splitMlp: false });
      continue;
    }
    const block = blocks.at(-1);
    if (!block) {
      throw instrumentError("odd-layer", "an MLP comes before any attention", {
        node: nameOf(body.graph.nodes[addition.node]),
      });
    }
    block.splitMlp ||= block.mlp.length > 0;
    block.mlp = [...block.mlp, ...addition.mlp];
    block.end = addition;
  }
  if (blocks.length === 0) throw instrumentError("no-residual", "no attention adds to the stream");
  return blocks;
}
