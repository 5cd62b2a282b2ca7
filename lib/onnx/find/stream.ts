import { instrumentError } from "../errors.ts";
import type { Node } from "../proto/messages.ts";
import { branchKind } from "./branches.ts";
import type { Body, Decoder } from "./decoder.ts";
import { nameOf } from "./graph-index.ts";
import { findRegion, type Region } from "./region.ts";

/** One place where something is added to the residual stream. */
export interface Addition {
  /** The Add, Sum or skip norm. */
  node: number;
  /** A skip norm: sums and normalises at once; the sum is its 4th output. */
  fused: boolean;
  /** The stream after it; "" where a skip norm does not give its sum away. */
  state: string;
  /** Operand through which the stream comes in. */
  streamOperand: number;
  attn: string[];
  mlp: string[];
}

/** The residual stream of one body, from the embedding to the last block. */
export interface Stream {
  body: Body;
  region: Region;
  /** The value that the first addition carries on. */
  embedding: string;
  additions: Addition[];
  /** Somewhere the stream lies flattened, [batch * T, H]. */
  reshaped: boolean;
  /** The stream is normalised between additions (post-norm): states are after that norm. */
  postNorm: boolean;
}

const skipNorms = new Set(["SkipLayerNormalization", "SkipSimplifiedLayerNormalization"]);
/** Ops that pass their first input on, at most in another type or shape. */
export const transparent = new Set(["Cast", "Identity", "Dropout", "Reshape"]);
// Sums of sums are taken apart to this depth, real blocks need 2, and of so many operands, real sums have 2 or 3:
// the bounds keep hostile files from multiplying out.
const MAX_SUM_DEPTH = 3;
const MAX_OPERANDS = 8;

/** Follows the stream by structure alone: no names but the public ones. Throws `instrument`. */
export function findStream(body: Body, decoder: Decoder, cut: ReadonlySet<string> = new Set()): Stream {
  const region = findRegion(body, decoder.tokens.name, cut);
  return new StreamFinder(body, decoder, region).find();
}

class StreamFinder {
  private readonly body: Body;
  private readonly decoder: Decoder;
  private readonly region: Region;
  private reshaped = false;
  private postNorm = false;

  constructor(body: Body, decoder: Decoder, region: Region) {
    this.body = body;
    this.decoder = decoder;
    this.region = region;
  }

  find(): Stream {
    const { body, region } = this;
    const candidates = region.spine.filter((at) => {
      const node = body.graph.nodes[at];
      return node !== undefined && (skipNorms.has(node.opType) || this.isSum(node));
    });
    if (candidates.length === 0) {
      throw instrumentError("no-residual", "nothing is added to a residual stream");
    }
    const additions: Addition[] = [];
    let embedding = "";
    // The node that made the stream as it is before the candidate at hand.
    let maker = -1;
    for (const at of candidates) {
      const found = this.addition(at, maker);
      if (found === null) {
        if (additions.length === 0) continue; // still the embedding: a sum of several lookups
        throw instrumentError("broken-chain", "an addition does not take up the stream of the one before", {
          node: nameOf(body.graph.nodes[at]),
        });
      }
      const previous = additions.at(-1);
      if (!previous) embedding = found.carried;
      else if (this.root(found.carried) !== this.root(previous.state)) {
        // Everything passes through a norm between two additions: that is where the block ends.
        previous.state = this.root(found.carried);
        this.postNorm = true;
      }
      additions.push(found.addition);
      maker = at;
    }
    if (additions.length === 0) {
      throw instrumentError("no-stream-start", "no addition carries the embedding", {
        node: nameOf(body.graph.nodes[candidates[0] ?? -1]),
      });
    }
    return { body, region, embedding, additions, reshaped: this.reshaped, postNorm: this.postNorm };
  }

  private addition(at: number, maker: number): { addition: Addition; carried: string } | null {
    const node = this.body.graph.nodes[at] as Node;
    const fused = skipNorms.has(node.opType);
    const operands = fused ? node.inputs.slice(0, 2) : node.inputs;
    const addends = operands.map((name) => this.addends(name, maker, at, 0));
    const streams = addends.flatMap((list, operand) =>
      list.filter(({ stream }) => stream).map(({ value }) => ({ value, operand })),
    );
    const [carried] = streams;
    if (carried === undefined || streams.length > 1) return null;
    const from = this.body.index.producer.get(this.root(carried.value)) ?? -1;
    const addition: Addition = {
      node: at,
      fused,
      state: (fused ? node.outputs[3] : node.outputs[0]) ?? "",
      streamOperand: carried.operand,
      attn: [],
      mlp: [],
    };
    operands.forEach((name, operand) => {
      const branches = (addends[operand] ?? []).filter(({ stream }) => !stream);
      const kinds = branches.map(({ value }) =>
        branchKind(this.body, this.decoder, this.region, value, from),
      );
      const whole = operand !== carried.operand && new Set(kinds).size === 1;
      if (whole && kinds[0]) addition[kinds[0]].push(name);
      else for (const [index, { value }] of branches.entries()) addition[kinds[index] ?? "mlp"].push(value);
    });
    if (addition.attn.length + addition.mlp.length === 0) return null;
    const bias = fused ? fusedBias(node) : "";
    // A bias that the fused norm adds belongs to the branch whose projection it ends.
    if (bias !== "") (addition.mlp.length > 0 ? addition.mlp : addition.attn).push(bias);
    this.reshaped ||= this.passesReshape(carried.value);
    return { addition, carried: carried.value };
  }

  /** A value as the sum of what is added up in it; `stream` marks the residual stream itself. */
  private addends(
    name: string,
    maker: number,
    until: number,
    depth: number,
  ): { value: string; stream: boolean }[] {
    if (!this.region.carries(name)) return [];
    const value = this.root(name);
    const at = this.body.index.producer.get(value) ?? -1;
    // The stream bypasses every branch: only what lies on the spine can be it.
    if (at === -1 || this.region.onSpine.has(at)) {
      return at >= maker && at < until ? [{ value: name, stream: true }] : [{ value: name, stream: false }];
    }
    const node = this.body.graph.nodes[at];
    if (node && depth < MAX_SUM_DEPTH && this.isSum(node)) {
      return node.inputs.flatMap((input) => this.addends(input, maker, until, depth + 1));
    }
    return [{ value: name, stream: false }];
  }

  /** At least two operands come from the tokens: biases, epsilons and position embeddings have one. */
  private isSum(node: Node): boolean {
    return (
      (node.opType === "Add" || node.opType === "Sum") &&
      node.domain === "" &&
      node.inputs.length <= MAX_OPERANDS &&
      node.inputs.filter((name) => this.region.carries(name)).length >= 2
    );
  }

  /** The value behind casts and reshapes. */
  private root(name: string): string {
    return rootOf(this.body, name);
  }

  private passesReshape(name: string): boolean {
    let value = name;
    for (;;) {
      const node = this.body.graph.nodes[this.body.index.producer.get(value) ?? -1];
      if (!node || !transparent.has(node.opType)) return false;
      if (node.opType === "Reshape") return true;
      value = node.inputs[0] ?? "";
    }
  }
}

/** The last input of a skip norm, a bias that it adds to the sum; "" where it has none. */
function fusedBias(node: Node): string {
  return node.inputs[node.opType === "SkipLayerNormalization" ? 4 : 3] ?? "";
}

/** The value behind casts, reshapes and identities. Nodes are in topological order, so this ends. */
export function rootOf({ graph, index }: Body, name: string): string {
  let value = name;
  for (;;) {
    const node = graph.nodes[index.producer.get(value) ?? -1];
    const input = node && transparent.has(node.opType) ? node.inputs[0] : undefined;
    if (!input) return value;
    value = input;
  }
}
