import type { FromWorker, ToWorker } from "#lib/engine/protocol.ts";
import { serveEngine } from "#lib/engine/serve-engine.ts";
import { loadWebEngine, type WebLoadParams } from "./load-web-engine.ts";
import { meterMemory } from "./memory-meter.ts";
import type { WorkerState } from "./worker-link.ts";

// Entry of a Web Worker, started by URL (worker-link.ts): no other module imports it.
const say = (message: FromWorker | WorkerState, transfer: Transferable[] = []) =>
  self.postMessage(message, { transfer });

const memoryInUse = meterMemory();
const lock = `tiller-engine-${crypto.randomUUID()}`;
void navigator.locks.request(lock, () => {
  say({ type: "alive", lock });
  return new Promise(() => undefined);
});

serveEngine<WebLoadParams>(
  {
    post: say,
    onMessage: (handler) =>
      self.addEventListener("message", ({ data }: MessageEvent<ToWorker<WebLoadParams>>) => handler(data)),
  },
  (params, onProgress) =>
    loadWebEngine(params, {
      onProgress,
      onDeviceLost: (reason) => say({ type: "gone", reason }),
      memoryInUse,
    }),
  () => self.close(),
);
