import { AppError, throwIfAborted } from "#lib/core/errors.ts";
import { checkCapture, checkGenerateRow } from "#lib/engine/checks.ts";
import type {
  BatchMode,
  BatchPlan,
  CapturedRow,
  CaptureRequest,
  Engine,
  EngineCallOptions,
  GenerateRow,
  Generation,
  ModelDescription,
  PromptSource,
} from "#lib/engine/contract.ts";
import type { WorkResult } from "#lib/engine/lending/result.ts";
import type { Work } from "#lib/engine/lending/work.ts";
import type { LentDevice } from "#lib/engine/run-device.ts";
import { tokenTexts } from "#lib/engine/stream-text.ts";
import type { LoadForRun } from "#lib/pipeline/ports.ts";
import type { LendingHub } from "./hub.ts";
import type { LentModel } from "./lent-model.ts";

/** Rows of one lent batch: little is lost with a closed tab, and several lenders share a call. */
const ROWS = 8;
/** Rows of one call: with fewer, most of several lenders would wait. */
const ROWS_A_CALL = 64;
/** Bytes of hidden states that one result may hold: a request's body is held in memory. */
const CAPTURED_BYTES = 4 * 2 ** 20;

export interface LentEngineOptions extends Pick<LoadForRun, "runId" | "batchSize" | "onWork"> {
  device: LentDevice;
  model: LentModel;
  hub: LendingHub;
}

/** An engine whose model runs with whoever leases its batches. Texts and tokens are the server's own. */
export class LentEngine implements Engine {
  readonly #options: LentEngineOptions;

  constructor(options: LentEngineOptions) {
    this.#options = options;
  }

  describe(): ModelDescription {
    return this.#options.model.description;
  }

  async encode(prompts: PromptSource[]): Promise<number[][]> {
    return prompts.map((prompt) => this.#options.model.tokenizer.encodePrompt(prompt));
  }

  async encodeText(texts: string[]): Promise<number[][]> {
    return texts.map((text) => this.#options.model.tokenizer.encodeText(text));
  }

  async tokenTexts(rows: number[][]): Promise<string[][]> {
    return rows.map((tokens) => tokenTexts(this.#options.model.tokenizer, tokens));
  }

  async planBatch(mode: BatchMode): Promise<BatchPlan> {
    const { device } = this.#options;
    const diagnostic = `Batches of ${this.#rows} rows for whoever lends (mode=${mode}, device=${device})`;
    return { size: Math.max(ROWS_A_CALL, this.#rows), diagnostic };
  }

  async generate(rows: GenerateRow[], options: EngineCallOptions = {}): Promise<Generation[]> {
    const { tokenizer, description } = this.#options.model;
    const prompts = await this.encode(rows.map(({ prompt }) => prompt));
    const lent = rows.map((row, at) => {
      const tokens = prompts[at] ?? [];
      checkGenerateRow(row, tokens, at, description);
      return { ...row, prompt: { tokens } };
    });
    const results = await this.#lend(
      inParts(lent, this.#rows).map((part): Work => ({ kind: "generate", rows: part })),
      options,
    );
    const generated = results.flatMap((result) => (result.kind === "generate" ? result.rows : []));
    return generated.map((row, at) => {
      const promptTokens = prompts[at] ?? [];
      return {
        ...row,
        promptTokens,
        promptText: tokenizer.decode(promptTokens),
        answer: tokenizer.decode(row.responseTokens, false),
      };
    });
  }

  async capture(request: CaptureRequest, options: EngineCallOptions = {}): Promise<CapturedRow[]> {
    const { description } = this.#options.model;
    checkCapture(request, description);
    const { rows, positions, layers } = request;
    const bytes = positions.length * layers.length * description.hidden * Float32Array.BYTES_PER_ELEMENT;
    const size = Math.max(1, Math.min(this.#rows, Math.floor(CAPTURED_BYTES / bytes)));
    const results = await this.#lend(
      inParts(rows, size).map((part): Work => ({ ...request, kind: "capture", rows: part })),
      options,
    );
    return results.flatMap((result) => (result.kind === "capture" ? result.rows : []));
  }

  async dispose(): Promise<void> {}

  get #rows(): number {
    return this.#options.batchSize ?? ROWS;
  }

  /**
   * All batches are open at once. One that fails for good fails its rows; where nobody listens for these it fails the
   * call, and the others are withdrawn.
   */
  async #lend(works: Work[], { signal, onNotice, onRowFailed }: EngineCallOptions): Promise<WorkResult[]> {
    throwIfAborted(signal);
    const { hub, runId, device, model, onWork } = this.#options;
    const failed = new AbortController();
    const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
    const submitted = works.map((work) =>
      hub.submit(
        {
          runId,
          device,
          model: model.description,
          work,
          onNotice,
          onDone: (lender, seconds, result) =>
            onWork?.({
              worker: lender.name,
              device: lender.device,
              kind: work.kind,
              rows: work.rows.length,
              seconds,
              tokens: writtenTokens(work, result),
              memory: lender.memory ?? null,
            }),
        },
        either,
      ),
    );
    const given = submitted.map((result, at) =>
      result.catch((error): WorkResult => {
        if (!onRowFailed || either.aborted) throw error;
        const before = works.slice(0, at).reduce((sum, { rows }) => sum + rows.length, 0);
        const work = works[at] as Work;
        work.rows.forEach((_, row) => {
          onRowFailed(before + row, AppError.from(error));
        });
        return nothing(work, model.description);
      }),
    );
    try {
      return await Promise.all(given);
    } finally {
      failed.abort();
      await Promise.allSettled(given);
    }
  }
}

/** Tokens that were written one after the other; null where none were: rows that are read, or judged by one token. */
function writtenTokens(work: Work, result: WorkResult): number | null {
  if (work.kind !== "generate" || result.kind !== "generate") return null;
  if (work.rows.every(({ maxNewTokens }) => maxNewTokens <= 1)) return null;
  return result.rows.reduce((sum, { responseTokens }) => sum + responseTokens.length, 0);
}

/** Stands in the place of rows that failed. */
function nothing(work: Work, { hidden }: ModelDescription): WorkResult {
  if (work.kind === "generate") {
    return {
      kind: "generate",
      rows: work.rows.map(() => ({ responseTokens: [], finish: "length", alternatives: [] })),
    };
  }
  const { rows, positions, layers } = work;
  const values = new Float32Array(positions.length * layers.length * hidden).fill(Number.NaN);
  return { kind: "capture", rows: rows.map(() => ({ values, empty: positions.map(() => true) })) };
}

function inParts<T>(rows: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, at) =>
    rows.slice(at * size, (at + 1) * size),
  );
}
