import { throwIfAborted } from "#lib/core/errors.ts";
import { hashSeed } from "#lib/core/rng.ts";
import type { GraphDescription } from "#lib/onnx/contract.ts";
import { describeGraph, instrument } from "#lib/onnx/index.ts";
import { isAffine } from "./affine.ts";
import { generationOf, namedLogprobs } from "./answers.ts";
import { inBatches, type ModelShape, planBatch } from "./batching.ts";
import { captureBatch, graphComponent, tokenRanges } from "./capture.ts";
import { checkCapture, checkGenerateRow } from "./checks.ts";
import type {
  BatchMode,
  BatchPlan,
  CapturedRow,
  CaptureRequest,
  Engine,
  EngineCallOptions,
  GenerateRow,
  Generation,
  MemoryInUse,
  ModelDescription,
  PromptSource,
} from "./contract.ts";
import { type DecodedLogprobs, type DecodedRow, type DecodeRow, decodeBatch } from "./generate.ts";
import { GraphSessions } from "./graph-sessions.ts";
import { type ModelConfig, readModelConfig, readTillerFile } from "./model-config.ts";
import { describeModel, type ModelSource, modelShape } from "./model-source.ts";
import type { Platform } from "./session.ts";
import { RowStream, tokenTexts } from "./stream-text.ts";
import { createTokenizer, type Tokenizer } from "./tokenizer.ts";

export interface EngineOptions {
  /** A fixed batch size instead of the planned one. */
  batchSize?: number;
}

/**
 * Loads a model onto a platform: reads its config and tokenizer, finds its residual stream, opens sessions as calls
 * need them.
 * @throws AppError `invalid-file`, `model-unsupported`, `instrument`
 */
export async function createEngine(
  source: ModelSource,
  platform: Platform,
  options: EngineOptions = {},
): Promise<Engine> {
  const config = readModelConfig(source.config, source.generationConfig);
  const tokenizer = createTokenizer(source.tokenizer, source.tokenizerConfig, source.chatTemplate);
  const graph = describeGraph(await source.readGraph(), { expectedLayers: config.layers });
  const description = describeModel(source, graph, config, tokenizer, readTillerFile(source.tiller));
  const sessions = new GraphSessions(async (wish) => {
    const components = wish.variant === "capture" ? [wish.component] : [];
    return instrument(await source.readGraph(), {
      variant: wish.variant,
      components,
      ...(wish.variant === "capture" ? { highestLayer: wish.highestLayer } : {}),
      steer: wish.variant === "generate" && wish.steer,
      dataFile: source.graphFile,
      expectedLayers: config.layers,
    });
  }, platform.createSession);
  const shape = modelShape(description, graph, config);
  return new LocalEngine({ description, graph, config, tokenizer, sessions, platform, shape, options });
}

interface Parts {
  description: ModelDescription;
  graph: GraphDescription;
  config: ModelConfig;
  tokenizer: Tokenizer;
  sessions: GraphSessions;
  platform: Platform;
  shape: ModelShape;
  options: EngineOptions;
}

/** The engine in the process (or worker) that holds the sessions. */
class LocalEngine implements Engine {
  readonly #parts: Parts;
  readonly #endTokens: ReadonlySet<number>;
  /** False where a shorter row's generated tokens would get the wrong positions: then only equal lengths share a batch. */
  readonly #canPad: boolean;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { config, tokenizer, graph } = parts;
    this.#canPad =
      graph.padding.right &&
      (graph.attention === "gqa" || graph.inputs.some(({ name }) => name === "position_ids"));
    const fallback = tokenizer.eosToken === null ? [] : [tokenizer.eosToken];
    this.#endTokens = new Set(config.eosTokens.length > 0 ? config.eosTokens : fallback);
  }

  describe(): ModelDescription {
    return this.#parts.description;
  }

  async encode(prompts: PromptSource[]): Promise<number[][]> {
    return prompts.map((prompt) => this.#parts.tokenizer.encodePrompt(prompt));
  }

  async encodeText(texts: string[]): Promise<number[][]> {
    return texts.map((text) => this.#parts.tokenizer.encodeText(text));
  }

  async tokenTexts(rows: number[][]): Promise<string[][]> {
    return rows.map((tokens) => tokenTexts(this.#parts.tokenizer, tokens));
  }

  async memory(): Promise<MemoryInUse | null> {
    return this.#parts.platform.memoryInUse?.() ?? null;
  }

  async planBatch(mode: BatchMode, tokens: number): Promise<BatchPlan> {
    return (await this.#planner(mode))(tokens);
  }

  async generate(rows: GenerateRow[], options: EngineCallOptions = {}): Promise<Generation[]> {
    throwIfAborted(options.signal);
    const { description, tokenizer, sessions } = this.#parts;
    const prompts = await this.encode(rows.map((row) => row.prompt));
    const decoding = rows.map((row, at) => this.#decodeRow(row, prompts[at] ?? [], at));
    const decoded: DecodedRow[] = [];
    const streams = rows.map(({ stop }) => new RowStream((tokens) => tokenizer.decode(tokens, false), stop));
    const lengths = prompts.map((prompt) => prompt.length);
    const newTokens = Math.max(0, ...decoding.map((row) => row.maxNewTokens));
    const listens = (batch: readonly number[]) =>
      options.onToken !== undefined || batch.some((row) => (rows[row]?.stop?.length ?? 0) > 0);
    const told = (row: number, token: number, logprobs: DecodedLogprobs | undefined): boolean => {
      const { text, stopped = false } = streams[row]?.push(token) ?? {};
      if (text !== undefined)
        options.onToken?.(row, token, text, logprobs && namedLogprobs(tokenizer, logprobs));
      return stopped;
    };
    const plan = await this.#planner(newTokens > 1 ? "generation" : "inference");
    await inBatches(
      {
        lengths,
        sizeFor: (tokens) => plan(tokens + newTokens).size,
        // The batch is as wide as its longest prompt: a short one's long answer must still fit beside it.
        together: (longest, row) =>
          isAffine(rows[longest]?.steering) === isAffine(rows[row]?.steering) &&
          (this.#canPad
            ? (lengths[longest] ?? 0) + (decoding[row]?.maxNewTokens ?? 0) <= description.contextLength
            : lengths[longest] === lengths[row]),
        onNotice: options.onNotice,
      },
      async (batch) => {
        for (const row of batch) streams[row]?.restart();
        const batchRows = batch.map((row) => decoding[row] as DecodeRow);
        const steered = batchRows.some((row) => row.steering);
        const steer = steered && (isAffine(batchRows[0]?.steering) ? "affine" : "add");
        const results = await sessions.use({ variant: "generate", steer }, (open) =>
          decodeBatch(open, batchRows, {
            layers: description.layers,
            hidden: description.hidden,
            cache: this.#parts.config,
            endTokens: this.#endTokens,
            signal: options.signal,
            // Decoding piece by piece costs as much as a step: only for those who listen, or wait for a text to stop at.
            ...(listens(batch)
              ? { onToken: (at, token, logprobs) => told(batch[at] as number, token, logprobs) }
              : {}),
          }),
        );
        results.forEach((result, at) => {
          decoded[batch[at] as number] = result;
        });
      },
    );
    return decoded.map((result, row) => generationOf(tokenizer, prompts[row] ?? [], result, rows[row]?.stop));
  }

  async capture(request: CaptureRequest, options: EngineCallOptions = {}): Promise<CapturedRow[]> {
    const { description, sessions, config, graph } = this.#parts;
    checkCapture(request, description);
    const { positions, component, layers, rows } = request;
    const captured: CapturedRow[] = rows.map(() => ({
      values: new Float32Array(positions.length * layers.length * description.hidden).fill(Number.NaN),
      empty: positions.map(() => true),
    }));
    // A row of which every position is empty has nothing to read and may hold no token at all.
    const readable = rows.flatMap((row, at) => (tokenRanges(row, positions).some(Boolean) ? [at] : []));
    const highestLayer = layers[layers.length - 1] ?? 0;
    const lengths = readable.map(
      (at) => (rows[at]?.promptTokens.length ?? 0) + (rows[at]?.responseTokens.length ?? 0),
    );
    const plan = await this.#planner("extraction");
    await inBatches(
      {
        lengths,
        sizeFor: (tokens) => plan(tokens).size,
        together: (longest, row) => graph.padding.right || lengths[longest] === lengths[row],
        onNotice: options.onNotice,
      },
      async (batch) => {
        const chosen = batch.map((at) => readable[at] as number);
        const results = await sessions.use(
          { variant: "capture", component: graphComponent[component], highestLayer },
          (open) => {
            throwIfAborted(options.signal);
            const batchRows = chosen.map((at) => rows[at] as CaptureRequest["rows"][number]);
            return captureBatch(open, { rows: batchRows, positions, component, layers }, config);
          },
        );
        results.forEach((result, at) => {
          captured[chosen[at] as number] = result;
        });
      },
    );
    return captured;
  }

  dispose(): Promise<void> {
    return this.#parts.sessions.dispose();
  }

  /** How many rows fit, measured once for a whole call. */
  async #planner(mode: BatchMode): Promise<(tokens: number) => BatchPlan> {
    const { platform, shape, options, description } = this.#parts;
    if (description.rowCoupled)
      return () => ({
        size: 1,
        diagnostic: "Batch size: 1 (the rows of a batch would influence each other)",
      });
    const { batchSize } = options;
    if (batchSize !== undefined)
      return () => ({ size: batchSize, diagnostic: `Batch size: ${batchSize} (as asked)` });
    const free = await platform.freeMemory();
    return (tokens) => planBatch(shape, mode, tokens, free, platform.maxBatch(mode));
  }

  #decodeRow(row: GenerateRow, prompt: number[], at: number): DecodeRow {
    const { description } = this.#parts;
    checkGenerateRow(row, prompt, at, description);
    return {
      prompt,
      maxNewTokens: Math.min(row.maxNewTokens, description.contextLength - prompt.length),
      sampling: row.sampling,
      seed: hashSeed(prompt.join(), row.seed),
      steering: row.steering,
      topLogprobs: row.topLogprobs ?? 0,
      logprobs: row.logprobs,
    };
  }
}
