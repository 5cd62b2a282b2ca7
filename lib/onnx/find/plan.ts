import { AppError } from "#lib/core/errors.ts";
import { instrumentError } from "../errors.ts";
import type { Model } from "../proto/messages.ts";
import { type Block, blocksOf } from "./blocks.ts";
import { type Body, type Decoder, findDecoder } from "./decoder.ts";
import { nameOf, sortNodes } from "./graph-index.ts";
import { findHead, type Head } from "./head.ts";
import { findStream, type Stream } from "./stream.ts";
import { hiddenSize } from "./widths.ts";

/** All that is known of one body before it is edited. */
export interface BodyPlan {
  stream: Stream;
  blocks: Block[];
  head: Head | null;
  hidden: number;
}

export interface Plan {
  decoder: Decoder;
  /** One, or two that agree (the branches of a merged export). */
  bodies: [BodyPlan, ...BodyPlan[]];
}

/**
 * Finds the decoder, its stream and its layers. Sorts the model's nodes.
 * @param expectedLayers the number that config.json gives
 * Throws `instrument`.
 */
export function planModel(model: Model, expectedLayers?: number): Plan {
  sortAll(model.graph);
  const decoder = findDecoder(model);
  const [first, ...others] = decoder.bodies.map((body) => planBody(body, decoder, expectedLayers));
  if (!first) throw instrumentError("no-residual", "the graph holds no decoder");
  for (const other of others) {
    if (other.blocks.length === first.blocks.length && other.hidden === first.hidden) continue;
    throw instrumentError(
      "if-branches",
      `the branches differ: ${first.blocks.length} and ${other.blocks.length} layers of width ${first.hidden} and ${other.hidden}`,
      { node: nameOf(decoder.branching?.node) },
    );
  }
  return { decoder, bodies: [first, ...others] };
}

function sortAll(graph: Model["graph"]): void {
  sortNodes(graph);
  for (const node of graph.nodes) {
    for (const attribute of node.attributes) if (attribute.graph) sortAll(attribute.graph);
  }
}

function planBody(body: Body, decoder: Decoder, expectedLayers: number | undefined): BodyPlan {
  try {
    return planOver(body, decoder, expectedLayers, new Set());
  } catch (error) {
    // Blocks that read an earlier block's cache again give the tokens a way around the stream: look without it.
    if (!(error instanceof AppError) || decoder.present.length === 0) throw error;
    try {
      return planOver(body, decoder, expectedLayers, new Set(decoder.present));
    } catch {
      throw error;
    }
  }
}

function planOver(
  body: Body,
  decoder: Decoder,
  expectedLayers: number | undefined,
  cut: ReadonlySet<string>,
): BodyPlan {
  const stream = findStream(body, decoder, cut);
  const blocks = blocksOf(stream);
  checkLayers(stream, blocks, expectedLayers);
  const head = findHead(stream);
  const last = blocks.at(-1);
  if (stream.postNorm && head?.normed && last) {
    // Each block ends with its norm: the one before the head is the last block's own.
    last.end.state = head.normed;
    head.finalNorm = false;
  }
  return { stream, blocks, head, hidden: hiddenSize(stream, decoder) };
}

function checkLayers({ body }: Stream, blocks: Block[], expected: number | undefined): void {
  const last = blocks.at(-1);
  if (expected !== undefined && blocks.length !== expected) {
    throw instrumentError("layer-count", `found ${blocks.length} layers, config.json says ${expected}`, {
      node: nameOf(body.graph.nodes[last?.end.node ?? -1]),
    });
  }
  const split = blocks.find(({ splitMlp }) => splitMlp);
  if (split && expected === undefined) {
    throw instrumentError("odd-layer", "a layer adds more than one MLP to the stream", {
      node: nameOf(body.graph.nodes[split.end.node]),
      hint: "give the number of layers (config.json), so that the layers can be told apart",
    });
  }
}
