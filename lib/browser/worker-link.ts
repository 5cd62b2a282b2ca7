import type { FromWorker, ToWorker, WorkerLink } from "#lib/engine/protocol.ts";
import type { WebLoadParams } from "./load-web-engine.ts";

/** What a worker says of itself, beside the engine's protocol. */
export type WorkerState =
  /** It runs and holds the named lock for as long as it lives. */
  | { type: "alive"; lock: string }
  /** It is about to end: the device is lost. */
  | { type: "gone"; reason: string };

type Said = FromWorker | WorkerState;

/** Starts an engine's Web Worker. However it ends, its lock is released and `onGone` is told. */
export function startWebWorker(): WorkerLink<WebLoadParams> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "engine" });
  const handlers: ((message: FromWorker) => void)[] = [];
  const { promise: gone, resolve: end } = Promise.withResolvers<string>();
  void gone.then(() => worker.terminate());

  worker.addEventListener("message", ({ data }: MessageEvent<Said>) => {
    if (data.type === "gone") end(data.reason);
    else if (data.type === "alive") void lockReleased(data.lock).then(() => end("the browser ended it"));
    else for (const handler of handlers) handler(data);
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    end(event.message || "its script could not be loaded");
  });
  worker.addEventListener("messageerror", () => end("it sent a message that could not be read"));

  return {
    post: (message: ToWorker<WebLoadParams>, transfer = []) => worker.postMessage(message, transfer),
    onMessage: (handler) => void handlers.push(handler),
    onGone: (handler) => void gone.then(handler),
    busy: () => undefined,
    // Unlike a thread of Node a Web Worker may be ended at any point; its memory, the card's included, goes with it.
    close: async () => end("it was closed"),
  };
}

function lockReleased(name: string): Promise<unknown> {
  return navigator.locks.request(name, () => undefined);
}
