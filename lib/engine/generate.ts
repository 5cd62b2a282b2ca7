import { AppError, throwIfAborted } from "#lib/core/errors.ts";
import { createRng, type Rng } from "#lib/core/rng.ts";
import { affineTensors } from "./affine.ts";
import type { FinishReason, Steering } from "./contract.ts";
import { logitsAt, nextTokenFeeds, promptFeeds } from "./feeds.ts";
import type { GraphSession } from "./graph-session.ts";
import { type CacheShape, KvCache } from "./kv-cache.ts";
import { logNormaliser, type TokenLogprob, topLogprobs } from "./logprobs.ts";
import { argmax, type Sampling, sampleToken } from "./sampling.ts";
import type { Feed } from "./session.ts";
import { generatedGate, promptGate, steerTensor } from "./steering.ts";
import { asFloat32 } from "./tensors.ts";

/** One row of a batch, its prompt as tokens. */
export interface DecodeRow {
  prompt: readonly number[];
  /** At least 1. */
  maxNewTokens: number;
  sampling: Sampling | undefined;
  seed: number;
  steering: Steering | undefined;
  topLogprobs: number;
  /** Alternatives to report of every token; undefined: no probabilities. */
  logprobs: number | undefined;
}

/** A generated token's own probability and the alternatives. */
export interface DecodedLogprobs extends TokenLogprob {
  alternatives: TokenLogprob[];
}

export interface DecodedRow {
  tokens: number[];
  finish: FinishReason;
  /** Of the first generated token. */
  alternatives: TokenLogprob[];
  /** One a token, where they were asked for. */
  logprobs: DecodedLogprobs[];
}

export interface DecodeOptions {
  layers: number;
  hidden: number;
  cache: CacheShape;
  endTokens: ReadonlySet<number>;
  signal?: AbortSignal;
  /** True ends the row after this token. */
  onToken?(row: number, token: number, logprobs: DecodedLogprobs | undefined): boolean;
}

interface RowState {
  index: number;
  row: DecodeRow;
  result: DecodedRow;
  /** The row's own stream of random numbers, the same in any batch. */
  rng: Rng;
  done: boolean;
}

/**
 * Generates for one batch: a right-padded prefill, then one token a row a step; rows that end leave the batch
 * once that pays.
 * Each row has its own end, length, seed and steering, so it gets the tokens it would get alone.
 * @param open a `generate` graph, with steering where a row is steered
 * @throws AppError `aborted` between steps; whatever the runtime throws
 */
export async function decodeBatch(
  open: GraphSession,
  rows: readonly DecodeRow[],
  options: DecodeOptions,
): Promise<DecodedRow[]> {
  const { graph, session } = open;
  const states = rows.map<RowState>((row, index) => ({
    index,
    row,
    result: { tokens: [], finish: "length", alternatives: [], logprobs: [] },
    rng: createRng(row.seed),
    done: false,
  }));
  const width = Math.max(...rows.map((row) => row.prompt.length));
  const logitsName = graph.logits?.name;
  if (logitsName === undefined) throw new AppError("internal", "the graph has no logits output");
  const cache = new KvCache(graph, rows.length, options.cache);
  let batch = states;
  let feeds = firstFeeds(open, batch, width);
  let steer = steering(open, batch, options);
  try {
    for (let generated = 0; ; generated++) {
      throwIfAborted(options.signal);
      const goesOn = batch.some(({ row, done }) => !done && row.maxNewTokens > generated + 1);
      const outputs = await session.run(
        { ...feeds, ...steer, ...cache.feeds },
        { read: [logitsName], keep: goesOn ? graph.present : [] },
      );
      const logits = outputs.read[logitsName];
      if (!logits) throw new AppError("internal", "the graph gave no logits");
      const values = asFloat32(logits);
      const perRow = values.length / batch.length;
      const vocabulary = logits.dims[logits.dims.length - 1] ?? 0;
      const everyToken = graph.logits?.layout === "all";
      batch.forEach((state, at) => {
        if (state.done) return;
        const position = everyToken && generated === 0 ? state.row.prompt.length - 1 : 0;
        const start = at * perRow + position * vocabulary;
        takeToken(state, values.subarray(start, start + vocabulary), options);
      });
      if (goesOn) cache.advance(outputs.kept);
      const staying = batch.flatMap((state, at) => (state.done ? [] : [at]));
      if (staying.length === 0) break;
      if (worthCompacting(batch, generated + 1)) {
        await cache.keepRows(staying);
        batch = batch.filter(({ done }) => !done);
        steer = steering(open, batch, options);
      }
      feeds = nextFeeds(open, batch, width, generated + 1);
    }
  } finally {
    cache.dispose();
  }
  return states.map(({ result }) => result);
}

// Copying the cache without the ended rows costs about as much as this many steps.
const COMPACTION_STEPS = 2;

/** Whether the steps that may still come save more by leaving the ended rows out than leaving them out costs. */
function worthCompacting(batch: readonly RowState[], generated: number): boolean {
  const ended = batch.filter(({ done }) => done).length;
  const left = Math.max(...batch.map(({ row, done }) => (done ? 0 : row.maxNewTokens - generated)));
  return (ended / batch.length) * left > COMPACTION_STEPS;
}

/** Chooses the row's next token from its logits [vocabulary] and ends the row where it should end. */
function takeToken(state: RowState, logits: Float32Array, options: DecodeOptions): void {
  const { row, result } = state;
  if (result.tokens.length === 0 && row.topLogprobs > 0) {
    result.alternatives = topLogprobs(logits, row.topLogprobs);
  }
  const token = row.sampling ? sampleToken(logits, row.sampling, state.rng) : argmax(logits);
  if (token < 0) result.finish = "not-finite";
  else if (options.endTokens.has(token)) result.finish = "eos";
  else {
    result.tokens.push(token);
    const logprobs = row.logprobs === undefined ? undefined : logprobsOf(logits, token, row.logprobs);
    if (logprobs) result.logprobs.push(logprobs);
    if (options.onToken?.(state.index, token, logprobs)) result.finish = "stop";
    else if (result.tokens.length < row.maxNewTokens) return;
  }
  state.done = true;
}

function logprobsOf(logits: Float32Array, id: number, count: number): DecodedLogprobs {
  const normaliser = logNormaliser(logits);
  const logprob = (logits[id] as number) - normaliser;
  return { id, logprob, alternatives: topLogprobs(logits, count, normaliser) };
}

function firstFeeds({ graph }: GraphSession, rows: RowState[], width: number): Record<string, Feed> {
  const prompts = rows.map(({ row }) => row.prompt);
  const lengths = prompts.map((prompt) => prompt.length);
  return {
    ...promptFeeds(graph, prompts, width),
    ...logitsAt(
      graph,
      Int32Array.from(lengths, (length) => length - 1),
    ),
    ...(graph.inputs.gate ? { [graph.inputs.gate]: promptGate(scopes(rows), lengths, width) } : {}),
  };
}

function nextFeeds(
  { graph }: GraphSession,
  rows: RowState[],
  width: number,
  generated: number,
): Record<string, Feed> {
  const lengths = rows.map(({ row }) => row.prompt.length);
  const tokens = rows.map(({ result }) => result.tokens[generated - 1] ?? 0);
  return {
    ...nextTokenFeeds(graph, tokens, lengths, width, generated),
    ...logitsAt(graph, new Int32Array(rows.length)),
    ...(graph.inputs.gate ? { [graph.inputs.gate]: generatedGate(scopes(rows)) } : {}),
  };
}

function steering({ graph }: GraphSession, rows: RowState[], options: DecodeOptions): Record<string, Feed> {
  const { steer, directions, add, mul } = graph.inputs;
  const wanted = rows.map(({ row }) => row.steering);
  if (steer !== undefined) return { [steer]: steerTensor(wanted, options) };
  if (directions === undefined || add === undefined || mul === undefined) return {};
  const tensors = affineTensors(wanted, options);
  return { [directions]: tensors.directions, [add]: tensors.add, [mul]: tensors.mul };
}

function scopes(rows: RowState[]) {
  return rows.map(({ row }) => row.steering?.tokens);
}
