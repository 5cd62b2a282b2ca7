import { AppError } from "#lib/core/errors.ts";
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
} from "./contract.ts";

interface Member {
  engine: Promise<Engine> | null;
  /** Calls that it works on. */
  busy: number;
}

/**
 * Equal engines as one: the rows of a call are dealt out among them and come back in order. A row's result does not
 * depend on the rows beside it, so neither does it on how they are dealt. Members after the first open when there is
 * work for them.
 */
export class TeamEngine implements Engine {
  readonly #first: Engine;
  readonly #members: Member[];
  readonly #open: () => Promise<Engine>;
  #disposed = false;

  /**
   * @param open loads another member
   * @param size members in all, at least 1
   */
  constructor(first: Engine, open: () => Promise<Engine>, size: number) {
    this.#first = first;
    this.#open = open;
    this.#members = Array.from({ length: size }, (_, at) => ({
      engine: at === 0 ? Promise.resolve(first) : null,
      busy: 0,
    }));
  }

  describe(): ModelDescription {
    return this.#first.describe();
  }

  encode(prompts: PromptSource[]): Promise<number[][]> {
    return this.#first.encode(prompts);
  }

  encodeText(texts: string[]): Promise<number[][]> {
    return this.#first.encodeText(texts);
  }

  tokenTexts(rows: number[][]): Promise<string[][]> {
    return this.#first.tokenTexts(rows);
  }

  async planBatch(mode: BatchMode, tokens: number): Promise<BatchPlan> {
    const { size, diagnostic } = await this.#first.planBatch(mode, tokens);
    const workers = this.#members.length;
    return { size: size * workers, diagnostic: `${diagnostic} in each of ${workers} workers` };
  }

  generate(rows: GenerateRow[], options: EngineCallOptions = {}): Promise<Generation[]> {
    return this.#deal(rows, options, (engine, share, shareOptions) => engine.generate(share, shareOptions));
  }

  capture(request: CaptureRequest, options: EngineCallOptions = {}): Promise<CapturedRow[]> {
    return this.#deal(request.rows, options, (engine, rows, shareOptions) =>
      engine.capture({ ...request, rows }, shareOptions),
    );
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await Promise.all(this.#members.map(async ({ engine }) => (await engine?.catch(() => null))?.dispose()));
  }

  /** One share for each member, those first that have least to do. A share that fails stops the others. */
  async #deal<Row, Result>(
    rows: readonly Row[],
    options: EngineCallOptions,
    work: (engine: Engine, share: Row[], options: EngineCallOptions) => Promise<Result[]>,
  ): Promise<Result[]> {
    const team = this.#members.toSorted((a, b) => a.busy - b.busy).slice(0, Math.max(1, rows.length));
    const failed = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
    const results: Result[] = [];
    let failure: unknown;
    await Promise.all(
      team.map(async (member, start) => {
        const rowAt = (at: number) => start + at * team.length;
        const share = rows.filter((_, row) => row % team.length === start);
        member.busy++;
        try {
          const done = await work(await this.#engineOf(member), share, {
            signal,
            onNotice: options.onNotice,
            onRowFailed: options.onRowFailed && ((at, error) => options.onRowFailed?.(rowAt(at), error)),
            onToken: options.onToken && ((at, ...told) => options.onToken?.(rowAt(at), ...told)),
          });
          done.forEach((result, at) => {
            results[rowAt(at)] = result;
          });
        } catch (error) {
          failure ??= error;
          failed.abort();
        } finally {
          member.busy--;
        }
      }),
    );
    // Such an error names a row by its number in the share: the whole call names it by its own.
    if (failure instanceof AppError && failure.code === "invalid-input" && team.length > 1)
      return work(this.#first, [...rows], options);
    if (failure !== undefined) throw failure;
    return results;
  }

  #engineOf(member: Member): Promise<Engine> {
    if (this.#disposed) throw new AppError("internal", "the engine was closed");
    if (member.engine) return member.engine;
    const engine = this.#open();
    member.engine = engine;
    engine.catch(() => {
      if (member.engine === engine) member.engine = null;
    });
    return engine;
  }
}
