import { AppError } from "#lib/core/errors.ts";
import type { GraphValue, InstrumentedGraph } from "#lib/onnx/contract.ts";
import { type Feed, isKept, type KeptTensor } from "./session.ts";
import { elementType, selectRows, zeros } from "./tensors.ts";

/** Sizes for graphs that name the cache's dimensions instead of giving numbers. */
export interface CacheShape {
  kvHeads: number | undefined;
  headSize: number | undefined;
}

/** An empty past for a batch: [rows, heads, 0, head size] for every cache input. Throws `model-unsupported`. */
export function emptyPast(graph: InstrumentedGraph, rows: number, shape: CacheShape): Record<string, Feed> {
  return Object.fromEntries(
    graph.past.map((input) => [
      input.name,
      zeros(elementType(input.dtype, input.name), pastDims(input, rows, graph, shape)),
    ]),
  );
}

function pastDims(input: GraphValue, rows: number, graph: InstrumentedGraph, shape: CacheShape): number[] {
  const size = (at: number, described: number, configured: number | undefined) => {
    const dim = input.dims[at];
    return typeof dim === "number" && dim > 0 ? dim : described || configured;
  };
  const { kv } = graph.description;
  const heads = size(1, kv.heads, shape.kvHeads);
  const headSize = size(3, kv.headSize, shape.headSize);
  if (input.dims.length !== 4 || heads === undefined || headSize === undefined) {
    throw new AppError(
      "model-unsupported",
      `the cache input ${input.name} [${input.dims.join(", ")}] is not [batch, heads, tokens, head size]`,
    );
  }
  return [rows, heads, 0, headSize];
}

/** The keys and values of the tokens seen so far, one entry a row of the batch. Old ones are freed at each step. */
export class KvCache {
  readonly #graph: InstrumentedGraph;
  #past: Record<string, Feed>;

  constructor(graph: InstrumentedGraph, rows: number, shape: CacheShape) {
    this.#graph = graph;
    this.#past = emptyPast(graph, rows, shape);
  }

  get feeds(): Record<string, Feed> {
    return this.#past;
  }

  /** Takes the `present` outputs of a step as the next step's past. */
  advance(kept: Record<string, KeptTensor>): void {
    const next: Record<string, Feed> = {};
    this.#graph.past.forEach((input, at) => {
      const present = kept[this.#graph.present[at] ?? ""];
      if (!present) throw new AppError("internal", `the graph gave no cache output for ${input.name}`);
      next[input.name] = present;
    });
    this.dispose();
    this.#past = next;
  }

  /** Drops all but the listed rows. */
  async keepRows(rows: readonly number[]): Promise<void> {
    for (const [name, tensor] of Object.entries(this.#past)) {
      this.#past[name] = selectRows(isKept(tensor) ? await tensor.read() : tensor, rows);
      if (isKept(tensor)) tensor.dispose();
    }
  }

  dispose(): void {
    for (const tensor of Object.values(this.#past)) if (isKept(tensor)) tensor.dispose();
    this.#past = {};
  }
}
