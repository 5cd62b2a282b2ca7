import { floatType, inferTypes } from "../element-types.ts";
import type { Body } from "../find/decoder.ts";
import { readsOf } from "../find/graph-index.ts";
import type { Graph, Model, Node } from "../proto/messages.ts";
import { int64Tensor, makeNode } from "./nodes.ts";

/** Edits of one body. New nodes are placed right behind what they read, so that the order stays topological. */
export class Workspace {
  readonly body: Body;
  readonly types: Map<string, number>;
  private readonly model: Model;
  private readonly tokens: string;
  private readonly made: Node[] = [];
  private readonly names = new Map<string, string>();

  /** @param tokens the token input, of which batch and length are read */
  constructor(model: Model, body: Body, tokens: string) {
    this.model = model;
    this.body = body;
    this.tokens = tokens;
    const outer = body.outer ? inferTypes(body.outer) : new Map<string, number>();
    this.types = inferTypes(body.graph, outer);
  }

  /**
   * Adds a node of ONNX's own operator set.
   * @param name of its output, without the body's prefix
   * @returns the output's full name
   */
  add(
    opType: string,
    inputs: string[],
    name: string,
    attributes: Record<string, number | number[]> = {},
  ): string {
    return this.addAs(this.name(name), opType, inputs, attributes);
  }

  /** `add` with an output name that is kept as it is. */
  addAs(
    output: string,
    opType: string,
    inputs: string[],
    attributes: Record<string, number | number[]> = {},
  ): string {
    this.made.push(makeNode(opType, inputs, output, attributes));
    return output;
  }

  /** A name that only this body uses. */
  name(name: string): string {
    return this.body.prefix + name;
  }

  /** An int64 constant, kept in the main graph, where branches see it too. */
  constant(value: number | readonly number[]): string {
    const name = `tiller.const.${typeof value === "number" ? `scalar.${value}` : value.join(".")}`;
    const { initializers } = this.model.graph;
    if (!initializers.some((tensor) => tensor.name === name)) initializers.push(int64Tensor(name, value));
    return name;
  }

  /** The value in float32. */
  toFloat32(value: string, name: string): string {
    return this.typeOf(value) === floatType ? value : this.add("Cast", [value], name, { to: floatType });
  }

  typeOf(value: string): number {
    return this.types.get(value) ?? floatType;
  }

  /** Inserts an axis. Before opset 13 the axes are an attribute. */
  unsqueeze(value: string, axis: number, name: string): string {
    return (this.model.opsets.get("") ?? 0) < 13
      ? this.add("Unsqueeze", [value], name, { axes: [axis] })
      : this.add("Unsqueeze", [value, this.constant([axis])], name);
  }

  /** Batch size or length of this call, int64: a scalar, or a vector of one. */
  tokenDim(dim: "batch" | "length", shape: "scalar" | "vector"): string {
    const axis = dim === "batch" ? 0 : 1;
    return this.once(`${dim}.${shape}`, (name) => {
      const shapeOfTokens = this.once("tokens.shape", (own) => this.add("Shape", [this.tokens], own));
      const index = this.constant(shape === "scalar" ? axis : [axis]);
      return this.add("Gather", [shapeOfTokens, index], name, { axis: 0 });
    });
  }

  /** A value that several edits share, made when first wanted. */
  once(name: string, make: (name: string) => string): string {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    const value = make(name);
    this.names.set(name, value);
    return value;
  }

  /**
   * Lets everything that reads `value` read what is made of it instead.
   * @returns the name under which the original is still to be had
   */
  replaceOutput(value: string): string {
    const at = this.body.index.producer.get(value);
    const node = this.body.graph.nodes[at ?? -1];
    const original = this.name(`original.${value}`);
    if (node) node.outputs = node.outputs.map((output) => (output === value ? original : output));
    this.types.set(original, this.typeOf(value));
    return original;
  }

  /** Writes the new nodes into the graph. */
  apply(): void {
    const { graph } = this.body;
    const place = new Map<string, number>();
    graph.nodes.forEach((node, at) => {
      for (const output of node.outputs) place.set(output, at);
    });
    const following = new Map<number, Node[]>();
    for (const node of this.made) {
      const at = Math.max(-1, ...readsOf(node).map((name) => place.get(name) ?? -1));
      for (const output of node.outputs) place.set(output, at);
      following.set(at, [...(following.get(at) ?? []), node]);
    }
    const nodes = graph.nodes.flatMap((node, at) => [node, ...(following.get(at) ?? [])]);
    graph.nodes = [...(following.get(-1) ?? []), ...nodes];
  }
}

/** Drops the declared shapes of all values made from `start`: they no longer hold. */
export function dropShapesAfter(graph: Graph, start: string): void {
  const changed = new Set([start]);
  for (const node of graph.nodes) {
    if (readsOf(node).some((name) => changed.has(name))) {
      for (const output of node.outputs) changed.add(output);
    }
  }
  graph.valueInfo = graph.valueInfo.filter(({ name }) => !changed.has(name));
}
