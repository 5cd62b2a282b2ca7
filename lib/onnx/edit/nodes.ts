import type { Attribute, Graph, Node, Tensor, Value } from "./model.ts";
import { Message } from "./proto/writer.ts";
import { int64Type } from "./types.ts";

// Everything the instrumenter adds is called `tiller.…`, so that nothing can collide with the export's own names.

export function intAttribute(name: string, value: number): Attribute {
  const rest = [new Message().text(1, name).varint(3, value).varint(20, 2).finish()];
  return { name, int: value, ints: [], text: null, graph: null, tensor: null, rest };
}

export function makeNode(
  opType: string,
  inputs: string[],
  outputs: string[],
  attributes: Attribute[] = [],
): Node {
  return { name: `node.${outputs[0]}`, opType, domain: "", inputs, outputs, attributes, rest: [] };
}

/** An int64 initializer. No dims: a scalar. */
export function int64Tensor(name: string, values: number[], dims: number[] = [values.length]): Tensor {
  const raw = new Uint8Array(values.length * 8);
  const view = new DataView(raw.buffer);
  for (const [at, value] of values.entries()) view.setBigInt64(at * 8, BigInt(value), true);
  const header = new Message();
  for (const dim of dims) header.varint(1, dim);
  header.varint(2, int64Type);
  return {
    name,
    dims,
    dataType: int64Type,
    content: null,
    external: new Map(),
    rest: [header.finish()],
    raw,
  };
}

export function makeValue(name: string, elementType: number, dims: (number | string)[]): Value {
  return { name, elementType, dims, raw: null };
}

/** Nodes to be placed right after (or before) node i of the original graph, so that the order stays topological. */
export class Edits {
  readonly graph: Graph;
  private readonly afterNode = new Map<number, Node[]>();
  private readonly beforeNode = new Map<number, Node[]>();
  private readonly first: Node[] = [];
  private readonly last: Node[] = [];
  private readonly constants = new Map<string, string>();

  constructor(graph: Graph) {
    this.graph = graph;
  }

  /** @param at index in the original node list; -1: before everything */
  after(at: number, ...nodes: Node[]): void {
    if (at < 0) this.first.push(...nodes);
    else this.afterNode.set(at, [...(this.afterNode.get(at) ?? []), ...nodes]);
  }

  before(at: number, ...nodes: Node[]): void {
    this.beforeNode.set(at, [...(this.beforeNode.get(at) ?? []), ...nodes]);
  }

  atEnd(...nodes: Node[]): void {
    this.last.push(...nodes);
  }

  /** An int64 constant, made once. */
  constant(values: number[], scalar = false): string {
    const name = `tiller.const.${scalar ? "s" : "v"}${values.join("_")}`;
    if (!this.constants.has(name)) {
      this.constants.set(name, name);
      this.graph.initializers.push(int64Tensor(name, values, scalar ? [] : undefined));
    }
    return name;
  }

  /** Writes the edited node list into the graph. */
  apply(): void {
    this.graph.nodes = [
      ...this.first,
      ...this.graph.nodes.flatMap((node, at) => [
        ...(this.beforeNode.get(at) ?? []),
        node,
        ...(this.afterNode.get(at) ?? []),
      ]),
      ...this.last,
    ];
  }
}

export function castNode(input: string, output: string, to: number): Node {
  return makeNode("Cast", [input], [output], [intAttribute("to", to)]);
}
