import { readFile } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import type { Feed, HostTensor, Session } from "#lib/engine/session.ts";
import { asFloat32 } from "#lib/engine/tensors.ts";
import { type InstrumentedGraph, type InstrumentOptions, instrument } from "#lib/onnx/index.ts";
import { cacheShape, floatFeed, layoutFeeds, steerFeed } from "./batch-feeds.ts";
import { type Layout, maxError } from "./layout.ts";
import { type ModelGraph, openGraph } from "./model-graph.ts";
import { type CaseName, type Reference, type ReferenceCase, referenceSteering } from "./reference.ts";

/** Largest absolute errors of one padding case over its real tokens. */
export interface CaseErrors {
  /** Logits with zero steering against the unedited graph: 0 means bit-identical. */
  zero_steer_max_abs: number;
  /** After each block, what attention adds, what the MLP adds, the embedding: every token. */
  residual: number;
  attn: number;
  /** Null where the blocks have no MLP of their own. */
  mlp: number | null;
  embed: number;
  /** The mean over each row's tokens, taken in the graph, of embedding and blocks. */
  pooled: number;
  /** Logits when the reference's vector is added. */
  steer_logits: number;
  /** Why the case was not run as it is, and how instead. */
  refused?: string;
}

export interface PreparedCase {
  name: CaseName;
  given: ReferenceCase;
  layout: Layout;
  refused?: string;
}

/** Runs the unedited graph, then one that reads every token, then one that pools, one in memory at a time. */
export async function measureCases(
  model: ModelGraph,
  reference: Reference,
  prepared: readonly PreparedCase[],
): Promise<Partial<Record<CaseName, CaseErrors>>> {
  const dims = [reference.batch, reference.length] as const;
  const edit = (options: Omit<InstrumentOptions, "dataFile">) =>
    instrument(model.graph, { ...options, dataFile: path.basename(model.file) });
  const whole = edit({ variant: "full", components: ["residual", "attn", "mlp"], perToken: true });
  const pooling = edit({ variant: "full", components: ["residual"], steer: false });
  const own = (graph: InstrumentedGraph, { layout }: PreparedCase) =>
    layoutFeeds(graph, layout, dims, cacheShape(model.config));
  const logits = whole.logits?.name ?? "logits";

  // A graph that wants cache buffers of a fixed size can't run from an empty cache, and one that gives the last logits
  // only can't be compared: just that is changed then.
  const unedited =
    whole.description.kv.sliding || whole.description.lastLogitsOnly
      ? edit({ variant: "full", components: [], steer: false }).bytes
      : await readFile(model.file);
  const plain = await withSession(model, unedited, (session) =>
    inOrder(prepared, (one) => run(session, own(whole, one), [logits])),
  );
  const states = await withSession(model, whole.bytes, (session) =>
    inOrder(prepared, async (one, at) => {
      const zero = {
        ...own(whole, one),
        "tiller.steer": steerFeed(reference, null),
        ...gate(one, reference),
      };
      const read = await run(session, zero, [logits, ...Object.values(whole.captured)]);
      const steer = steerFeed(reference, { vector: reference.vector, ...referenceSteering });
      const steered = await run(session, { ...zero, "tiller.steer": steer }, [logits]);
      return stateErrors(one, reference, whole, {
        ...read,
        plain: plain[at]?.[logits] ?? new Float32Array(),
        steered: steered[logits] ?? new Float32Array(),
      });
    }),
  );
  const pooled = await withSession(model, pooling.bytes, (session) =>
    inOrder(prepared, (one) => pooledError(session, pooling, own(pooling, one), one, reference)),
  );
  return Object.fromEntries(
    prepared.map(({ name, refused }, at) => [
      name,
      { ...states[at], pooled: pooled[at], ...(refused === undefined ? {} : { refused }) },
    ]),
  );
}

function stateErrors(
  { given, layout }: PreparedCase,
  { batch, length, layers, hidden, vocabulary }: Reference,
  graph: InstrumentedGraph,
  outputs: Record<string, Float32Array>,
): Omit<CaseErrors, "pooled" | "refused"> {
  const output = (name: string | undefined) => outputs[name ?? ""] ?? new Float32Array();
  const residual = output(graph.captured.residual);
  const embeddingSize = batch * length * hidden;
  const mlp = output(graph.captured.mlp);
  const logits = output(graph.logits?.name);
  return {
    zero_steer_max_abs: maxError(
      logits,
      asReference(output("plain"), layout, vocabulary),
      layout,
      vocabulary,
    ),
    residual: maxError(residual.subarray(embeddingSize), given.out, layout, hidden),
    attn: maxError(output(graph.captured.attn), given.attn, layout, hidden),
    mlp: mlp.length === layers * embeddingSize ? maxError(mlp, given.mlp, layout, hidden) : null,
    embed: maxError(residual.subarray(0, embeddingSize), given.embedding, layout, hidden),
    steer_logits: maxError(output("steered"), given.steeredLogits, layout, vocabulary),
  };
}

/** Moves [B * T, width] rows that were measured in a layout to where the reference has them. */
function asReference(measured: Float32Array, { real }: Layout, width: number): Float32Array {
  const moved = new Float32Array(measured.length);
  for (const { fed, reference } of real) {
    moved.set(measured.subarray(fed * width, (fed + 1) * width), reference * width);
  }
  return moved;
}

/** `tiller.gate` of the reference's steering, which counts tokens by column, padded ones included. */
function gate({ layout }: PreparedCase, { batch, length }: Reference): Record<string, Feed> {
  const data = new Float32Array(batch * length);
  for (const { fed, reference } of layout.real) {
    data[fed] = reference % length >= referenceSteering.fromToken ? 1 : 0;
  }
  return { "tiller.gate": floatFeed(data, [batch, length, 1]) };
}

async function pooledError(
  session: Session,
  graph: InstrumentedGraph,
  feeds: Record<string, Feed>,
  { given, layout }: PreparedCase,
  { batch, length, layers, hidden }: Reference,
): Promise<number> {
  const weights = new Float32Array(batch * length);
  const counts = new Int32Array(batch);
  const row = (token: number) => Math.floor(token / length);
  for (const { fed } of layout.real) counts[row(fed)] = (counts[row(fed)] ?? 0) + 1;
  const means = new Float64Array((layers + 1) * batch * hidden);
  for (const { fed, reference } of layout.real) {
    const share = 1 / (counts[row(fed)] ?? 1);
    weights[fed] = share;
    for (let layer = 0; layer <= layers; layer++) {
      const states = layer === 0 ? given.embedding : given.out;
      const from = (Math.max(0, layer - 1) * batch * length + reference) * hidden;
      const to = (layer * batch + row(reference)) * hidden;
      for (let at = 0; at < hidden; at++) {
        means[to + at] = (means[to + at] ?? 0) + share * (states[from + at] ?? Number.NaN);
      }
    }
  }
  const name = graph.captured.residual ?? "";
  const pool = floatFeed(weights, [batch, 1, length]);
  const measured = (await run(session, { ...feeds, "tiller.pool": pool }, [name]))[name];
  return means.reduce(
    (largest, mean, at) => Math.max(largest, Math.abs((measured?.[at] ?? Number.NaN) - mean)),
    0,
  );
}

async function run(
  session: Session,
  feeds: Record<string, Feed>,
  names: string[],
): Promise<Record<string, Float32Array>> {
  const { read } = await session.run(feeds, { read: names });
  return Object.fromEntries(
    Object.entries(read).map(([name, tensor]: [string, HostTensor]) => [name, asFloat32(tensor)]),
  );
}

async function withSession<T>(
  model: ModelGraph,
  graph: Uint8Array,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openGraph(graph, model);
  try {
    return await work(session);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("model-load", `onnxruntime cannot run the model: ${text.split("\n", 1)[0]}`, {
      cause,
    });
  } finally {
    await session.dispose();
  }
}

/** One after the other: the runtime uses every core by itself. */
async function inOrder<In, Out>(
  items: readonly In[],
  work: (item: In, at: number) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  for (const [at, item] of items.entries()) results.push(await work(item, at));
  return results;
}
