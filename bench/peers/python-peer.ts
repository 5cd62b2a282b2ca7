import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

/** A Python process that answers one JSON line for each JSON line it is sent. */
export interface Peer {
  ask<Answer>(request: object): Promise<Answer>;
  close(): Promise<void>;
}

/**
 * Starts a peer under the Python that TILLER_PYTHON names (with torch, transformers and onnx installed).
 * @returns null when TILLER_PYTHON is not set: the benchmark then has figures of its own side only
 */
export function startPeer(script: string, args: string[]): Peer | null {
  const python = process.env.TILLER_PYTHON;
  if (!python) return null;
  const child = spawn(python, [path.join(import.meta.dirname, script), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${script} ended before it answered`);
      return JSON.parse(value);
    },
    async close() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "close");
    },
  };
}
