import path from "node:path";
import { Worker } from "node:worker_threads";
import type { ToWorker, WorkerLink } from "#lib/engine/protocol.ts";
import { projectRoot } from "../paths.ts";
import type { NodeLoadParams } from "./load-engine.ts";
import { createRunGate } from "./run-gate.ts";

/**
 * Starts an engine's worker thread from its source file, which Node runs as it is (type stripping). The path is made
 * at run time so that a bundler leaves it alone: in a Next.js server the sources still lie in the project folder.
 */
export function startWorker(): WorkerLink<NodeLoadParams> {
  const entry = [projectRoot(), "lib", "server", "engine", "worker.ts"].join(path.sep);
  // The parent's flags (a test runner's loader, an inspector) are not for the worker.
  const gate = createRunGate();
  const worker = new Worker(/* turbopackIgnore: true */ entry, {
    execArgv: [],
    name: "engine",
    workerData: { runGate: gate.memory },
  });
  const exited = new Promise<void>((resolve) => {
    worker.once("exit", () => {
      gate.remove();
      resolve();
    });
  });
  let reason = "";
  worker.on("error", (error) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    onMessage: (handler) => void worker.on("message", handler),
    onGone: (handler) => void worker.once("exit", (code) => handler(reason || `it exited with code ${code}`)),
    busy: (waiting) => (waiting ? worker.ref() : worker.unref()),
    // Not worker.terminate(): it breaks off onnxruntime in the middle of a run, which aborts the whole process.
    close: () => {
      worker.ref();
      worker.postMessage({ type: "close" } satisfies ToWorker<NodeLoadParams>);
      return exited;
    },
  };
}
