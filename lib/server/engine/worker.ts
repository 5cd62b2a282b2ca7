import { parentPort } from "node:worker_threads";
import type { FromWorker, ToWorker } from "#lib/engine/protocol.ts";
import { serveEngine } from "#lib/engine/serve-engine.ts";
import { loadNodeEngine, type NodeLoadParams } from "./load-engine.ts";

// Entry of a worker thread, started by path (worker-link.ts): no other module imports it.
const port = parentPort;
if (port === null) throw new Error("lib/server/engine/worker.ts runs only as a worker thread");

serveEngine<NodeLoadParams>(
  {
    post: (message: FromWorker, transfer = []) => port.postMessage(message, transfer),
    onMessage: (handler: (message: ToWorker<NodeLoadParams>) => void) => port.on("message", handler),
  },
  loadNodeEngine,
  () => process.exit(0),
);
