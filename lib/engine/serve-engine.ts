import { AppError, throwIfAborted } from "#lib/core/errors.ts";
import type { CapturedRow, Engine, EngineCallOptions } from "./contract.ts";
import type { Channel, FromWorker, ToWorker } from "./protocol.ts";

type Call<LoadParams> = Extract<ToWorker<LoadParams>, { type: "call" }>;
type Result = Extract<FromWorker, { type: "result" }>["result"];

/**
 * The worker's half of the protocol: answers calls with the engine that `load` opens. Errors leave as AppError JSON,
 * captured values are moved instead of copied.
 * @param end ends the worker; called between two runs of the model
 */
export function serveEngine<LoadParams>(
  channel: Channel<FromWorker, ToWorker<LoadParams>>,
  load: (params: LoadParams, onProgress: (message: string) => void) => Promise<Engine>,
  end: () => void,
): void {
  const running = new Map<number, AbortController>();
  let engine: Engine | null = null;

  const current = (): Engine => {
    if (engine) return engine;
    throw new AppError("internal", "the worker has no model yet: load comes first");
  };

  const answer = async (call: Call<LoadParams>, signal: AbortSignal): Promise<Result> => {
    const { id } = call;
    const options: EngineCallOptions = {
      signal,
      onNotice: (message) => channel.post({ type: "notice", id, message }),
    };
    switch (call.kind) {
      case "load":
        engine = await load(call.params, (message) => channel.post({ type: "progress", id, message }));
        return engine.describe();
      case "encode":
        return current().encode(call.params);
      case "encodeText":
        return current().encodeText(call.params);
      case "tokenTexts":
        return current().tokenTexts(call.params);
      case "planBatch":
        return current().planBatch(call.params.mode, call.params.tokens);
      case "generate":
        if (call.params.stream) {
          options.onToken = (row, token, text, logprobs) =>
            channel.post({ type: "token", id, row, token, text, logprobs });
        }
        return current().generate(call.params.rows, options);
      case "capture":
        return current().capture(call.params, options);
      case "memory":
        return (await current().memory?.()) ?? null;
    }
  };

  const run = async (call: Call<LoadParams>): Promise<void> => {
    const controller = new AbortController();
    running.set(call.id, controller);
    try {
      const result = await answer(call, controller.signal);
      throwIfAborted(controller.signal);
      channel.post({ type: "result", id: call.id, result }, buffersOf(call.kind, result));
    } catch (error) {
      channel.post({ type: "error", id: call.id, error: AppError.from(error).toJSON() });
    } finally {
      running.delete(call.id);
    }
  };

  const close = async (): Promise<void> => {
    for (const controller of running.values()) controller.abort();
    // The sessions' queue is empty once the calls that used them have stopped.
    await engine?.dispose();
    end();
  };

  channel.onMessage((message) => {
    if (message.type === "abort") running.get(message.id)?.abort();
    else if (message.type === "close") void close();
    else void run(message);
  });
}

function buffersOf(kind: Call<unknown>["kind"], result: Result): ArrayBuffer[] {
  if (kind !== "capture") return [];
  return (result as CapturedRow[]).map(({ values }) => values.buffer as ArrayBuffer);
}
