import { AppError, throwIfAborted } from "#lib/core/errors.ts";
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
import type { CallKind, EngineCalls, FromWorker, ToWorker, WorkerLink } from "./protocol.ts";
import { toldOnce } from "./told-once.ts";

interface Pending {
  resolve(result: never): void;
  reject(error: AppError): void;
  options: EngineCallOptions & { onProgress?(message: string): void };
}

/** One worker with its calls. */
interface Connection<LoadParams> {
  link: WorkerLink<LoadParams>;
  pending: Map<number, Pending>;
  loaded: Promise<ModelDescription>;
  /** Set when the worker is gone: nothing sent to it would be answered. */
  gone: WorkerGone | null;
}

export interface RemoteEngineOptions {
  onProgress?(message: string): void;
  /** A worker without calls for this long is closed, which frees its memory; the next call starts a new one. */
  idleMs?: number;
  /** How often a call whose worker stopped is given to a new worker before it fails; 0. */
  retries?: number;
  /** The files that the model must have; by default those it is first loaded from. */
  fingerprint?: string;
}

/** The worker has stopped; the same call may succeed in another. */
class WorkerGone extends AppError {
  constructor(reason: string) {
    super("internal", `the model's worker stopped: ${reason}`, {
      userMessage: "The model's worker stopped and will be started again; try once more.",
      retryable: true,
    });
  }
}

/**
 * An engine in a worker. When the worker dies, the calls that wait are given to a new one that loads the same model,
 * or fail with a retryable error; the next call starts it then.
 */
export class RemoteEngine<LoadParams> implements Engine {
  readonly #connect: () => WorkerLink<LoadParams>;
  readonly #params: LoadParams;
  readonly #options: RemoteEngineOptions;
  #connection: Connection<LoadParams> | null = null;
  #description: ModelDescription | null = null;
  #disposed = false;
  #nextId = 1;
  #idle: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    connect: () => WorkerLink<LoadParams>,
    params: LoadParams,
    options: RemoteEngineOptions,
  ) {
    this.#connect = connect;
    this.#params = params;
    this.#options = options;
  }

  /** Starts a worker and loads the model in it. Throws what loading throws. */
  static async load<LoadParams>(
    connect: () => WorkerLink<LoadParams>,
    params: LoadParams,
    options: RemoteEngineOptions = {},
  ): Promise<RemoteEngine<LoadParams>> {
    const engine = new RemoteEngine(connect, params, options);
    await engine.#connected();
    return engine;
  }

  describe(): ModelDescription {
    if (this.#description) return this.#description;
    throw new AppError("internal", "the engine has not been loaded");
  }

  encode(prompts: PromptSource[]): Promise<number[][]> {
    return this.#call("encode", prompts);
  }

  encodeText(texts: string[]): Promise<number[][]> {
    return this.#call("encodeText", texts);
  }

  tokenTexts(rows: number[][]): Promise<string[][]> {
    return this.#call("tokenTexts", rows);
  }

  planBatch(mode: BatchMode, tokens: number): Promise<BatchPlan> {
    return this.#call("planBatch", { mode, tokens });
  }

  generate(rows: GenerateRow[], options: EngineCallOptions = {}): Promise<Generation[]> {
    return this.#call("generate", { rows, stream: options.onToken !== undefined }, options);
  }

  capture(request: CaptureRequest, options: EngineCallOptions = {}): Promise<CapturedRow[]> {
    return this.#call("capture", request, options);
  }

  /** Null while no worker runs: it holds nothing, and is not started to say so. */
  async memory(): Promise<MemoryInUse | null> {
    return this.#connection ? this.#call("memory", null) : null;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#close();
  }

  async #call<K extends CallKind>(
    kind: K,
    params: EngineCalls<LoadParams>[K]["params"],
    options: EngineCallOptions = {},
  ): Promise<EngineCalls<LoadParams>[K]["result"]> {
    const stream = options.onToken && toldOnce(options.onToken);
    const listening = stream ? { ...options, onToken: stream.onToken } : options;
    for (let retries = this.#options.retries ?? 0; ; retries--) {
      throwIfAborted(options.signal);
      try {
        return await this.#send(await this.#connected(), kind, params, listening);
      } catch (error) {
        if (!(error instanceof WorkerGone) || this.#disposed || retries <= 0) throw error;
        options.onNotice?.(`${error.message}; the batch starts again in a new one`);
        stream?.restart();
      }
    }
  }

  async #connected(): Promise<Connection<LoadParams>> {
    if (this.#disposed) throw new AppError("internal", "the engine was closed");
    const connection = this.#connection ?? this.#start();
    const loaded = await connection.loaded;
    const expected = this.#description?.fingerprint ?? this.#options.fingerprint ?? loaded.fingerprint;
    this.#description ??= loaded;
    if (loaded.fingerprint === expected) return connection;
    throw new AppError(
      "conflict",
      `the files of model ${loaded.id} have changed since the work began: start it again, so that all of it is done by one model`,
    );
  }

  #start(): Connection<LoadParams> {
    const link = this.#connect();
    const pending: Connection<LoadParams>["pending"] = new Map();
    const connection: Connection<LoadParams> = { link, pending, loaded: NEVER, gone: null };
    this.#connection = connection;
    link.onMessage((message) => deliver(pending, message));
    link.onGone((reason) => this.#lost(connection, reason));
    connection.loaded = this.#send(connection, "load", this.#params, {
      onProgress: this.#options.onProgress,
    });
    connection.loaded.catch(() => this.#close(connection));
    return connection;
  }

  #lost(connection: Connection<LoadParams>, reason: string): void {
    if (this.#connection === connection) this.#connection = null;
    connection.gone = new WorkerGone(reason);
    for (const { reject } of connection.pending.values()) reject(connection.gone);
    connection.pending.clear();
  }

  /** Ends the worker; calls that still run are stopped. */
  async #close(connection = this.#connection): Promise<void> {
    if (!connection) return;
    clearTimeout(this.#idle);
    if (this.#connection === connection) this.#connection = null;
    await connection.link.close();
  }

  async #send<K extends CallKind>(
    connection: Connection<LoadParams>,
    kind: K,
    params: EngineCalls<LoadParams>[K]["params"],
    options: Pending["options"] = {},
  ): Promise<EngineCalls<LoadParams>[K]["result"]> {
    const { link, pending } = connection;
    if (connection.gone) throw connection.gone;
    throwIfAborted(options.signal);
    const id = this.#nextId++;
    const abort = () => link.post({ type: "abort", id });
    clearTimeout(this.#idle);
    link.busy(true);
    try {
      return await new Promise<EngineCalls<LoadParams>[K]["result"]>((resolve, reject) => {
        pending.set(id, { resolve, reject, options });
        options.signal?.addEventListener("abort", abort, { once: true });
        link.post({ type: "call", id, kind, params } as ToWorker<LoadParams>);
      });
    } finally {
      pending.delete(id);
      options.signal?.removeEventListener("abort", abort);
      if (pending.size === 0) this.#rest(connection);
    }
  }

  #rest(connection: Connection<LoadParams>): void {
    connection.link.busy(false);
    const { idleMs } = this.#options;
    if (idleMs === undefined || connection !== this.#connection) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#close(connection), idleMs);
    // In Node a timer must not keep the process alive; a browser's timer is a number.
    if (typeof this.#idle === "object") this.#idle.unref();
  }
}

const NEVER = new Promise<never>(() => undefined);

function deliver(pending: Map<number, Pending>, message: FromWorker): void {
  const call = pending.get(message.id);
  if (!call) return;
  switch (message.type) {
    case "token":
      call.options.onToken?.(message.row, message.token, message.text, message.logprobs);
      return;
    case "notice":
      call.options.onNotice?.(message.message);
      return;
    case "progress":
      call.options.onProgress?.(message.message);
      return;
    case "result":
      pending.delete(message.id);
      call.resolve(message.result as never);
      return;
    case "error":
      pending.delete(message.id);
      call.reject(AppError.fromJSON(message.error));
      return;
  }
}
