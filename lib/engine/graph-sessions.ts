import type { Component, InstrumentedGraph, SteerKind } from "#lib/onnx/contract.ts";
import { checkInputs, type GraphSession } from "./graph-session.ts";
import type { Platform } from "./session.ts";

/** Which edit of the graph a call needs. */
export type GraphWish =
  /** `steer`: how rows of the batch are steered. Without it a step is shorter by three small kernels a block. */
  | { variant: "generate"; steer: SteerKind | false }
  | { variant: "capture"; component: Component; highestLayer: number };

// A run goes to and fro between two: answers and states, or steered answers and their judge. Each holds its own copy of
// the weights.
const KEPT = 2;

/**
 * Sessions over edits of one model's graph, opened when first wanted; the least recently used is closed when more
 * than two are open. Uses take turns, so none is closed under a call.
 */
export class GraphSessions {
  readonly #edit: (wish: GraphWish) => Promise<InstrumentedGraph>;
  readonly #createSession: Platform["createSession"];
  /** In order of use. */
  readonly #open = new Map<string, GraphSession>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    edit: (wish: GraphWish) => Promise<InstrumentedGraph>,
    createSession: Platform["createSession"],
  ) {
    this.#edit = edit;
    this.#createSession = createSession;
  }

  /** Runs `work` with the wished session once earlier uses are over. */
  use<T>(wish: GraphWish, work: (open: GraphSession) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => work(await this.#get(wish)));
  }

  /** Closes all sessions after the uses that wait. */
  dispose(): Promise<void> {
    return this.#inTurn(async () => {
      const open = [...this.#open.values()];
      this.#open.clear();
      for (const { session } of open) await session.dispose();
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #get(wish: GraphWish): Promise<GraphSession> {
    const key = JSON.stringify(wish);
    const found = this.#open.get(key) ?? (await this.#create(wish));
    this.#open.delete(key);
    this.#open.set(key, found);
    return found;
  }

  async #create(wish: GraphWish): Promise<GraphSession> {
    const graph = await this.#edit(wish);
    checkInputs(graph);
    for (const [key, { session }] of this.#open) {
      if (this.#open.size < KEPT) break;
      this.#open.delete(key);
      await session.dispose();
    }
    return { graph, session: await this.#createSession(graph.bytes, graph.present) };
  }
}
