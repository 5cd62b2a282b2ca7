import { instrumentError } from "../errors.ts";
import type { Graph, Model, Node, Value } from "../proto/messages.ts";
import { type GraphIndex, indexGraph, nameOf } from "./graph-index.ts";

/** A graph that holds the decoder's blocks: the main graph, or one branch of an old merged export. */
export interface Body {
  graph: Graph;
  index: GraphIndex;
  /** The value that is (or becomes, through the If) the logits. */
  sink: string;
  /** Starts every name that is added to this graph. */
  prefix: "tiller." | "tiller.then." | "tiller.else.";
  /** Values of the enclosing graph are visible inside a branch. */
  outer: Graph | null;
}

/** The decoder behind the public inputs and outputs. */
export interface Decoder {
  model: Model;
  tokens: Value;
  logits: Value;
  /** Names of cache inputs and outputs, in the order of the file. */
  past: string[];
  present: string[];
  /** One, or two for a merged export. */
  bodies: Body[];
  /** The If whose branches are the bodies; `output` is the position of the logits among its outputs. */
  branching: { node: Node; output: number } | null;
}

/** Inputs that ask for the logits of the last k tokens; 0 asks for all. */
export const logitsToKeep = ["num_logits_to_keep", "logits_to_keep"];

const tokenNames = ["input_ids", "inputs_embeds"];

/** Finds the decoder by its public names. Throws `instrument` (already-edited, no-token-input, no-logits, if-branches). */
export function findDecoder(model: Model): Decoder {
  const { graph } = model;
  const inputs = publicInputs(graph);
  const edited = inputs.find(({ name }) => name.startsWith("tiller."));
  if (edited) throw instrumentError("already-edited", `the graph already has an input ${edited.name}`);
  const tokens = tokenNames
    .map((name) => inputs.find((input) => input.name === name))
    .find((input) => input !== undefined);
  if (!tokens) {
    throw instrumentError(
      "no-token-input",
      `the graph has no input_ids, only ${list(inputs.map(({ name }) => name))}`,
    );
  }
  const logits = graph.outputs.find(({ name }) => name === "logits");
  if (!logits) {
    throw instrumentError(
      "no-logits",
      `the graph has no output logits, only ${list(graph.outputs.map(({ name }) => name))}`,
    );
  }
  return {
    model,
    tokens,
    logits,
    past: inputs.map(({ name }) => name).filter((name) => /past|cache_(key|value)/.test(name)),
    present: graph.outputs.map(({ name }) => name).filter((name) => /present|cache_(key|value)/.test(name)),
    ...bodiesOf(graph, logits.name),
  };
}

/** Inputs that must be fed; old files list their weights as inputs too. */
export function publicInputs(graph: Graph): Value[] {
  const weights = new Set(graph.initializers.map(({ name }) => name));
  return graph.inputs.filter(({ name }) => !weights.has(name));
}

function bodiesOf(graph: Graph, logits: string): Pick<Decoder, "bodies" | "branching"> {
  const index = indexGraph(graph);
  const at = index.producer.get(logits);
  const node = at === undefined ? undefined : graph.nodes[at];
  if (!node) throw instrumentError("disconnected", "no node makes the logits");
  if (node.opType !== "If") {
    return { bodies: [{ graph, index, sink: logits, prefix: "tiller.", outer: null }], branching: null };
  }
  const output = node.outputs.indexOf(logits);
  const bodies = (["then", "else"] as const).map((branch): Body => {
    const inner = node.attributes.find(({ name }) => name === `${branch}_branch`)?.graph;
    const sink = inner?.outputs[output]?.name;
    if (!inner || sink === undefined || inner.outputs.length !== node.outputs.length) {
      throw instrumentError("if-branches", "a branch of the decoder does not match its outputs", {
        node: nameOf(node),
      });
    }
    return { graph: inner, index: indexGraph(inner), sink, prefix: `tiller.${branch}.`, outer: graph };
  });
  return { bodies, branching: { node, output } };
}

function list(names: string[]): string {
  const shown = names.slice(0, 4).join(", ");
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown || "none";
}
