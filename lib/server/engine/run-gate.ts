import { workerData } from "node:worker_threads";

// Words of the shared memory between a process and its worker.
const STOP = 0;
const RUNNING = 1;

// A run that hangs, or a worker that died in one, does not hold the process for ever.
const LONGEST_WAIT_MS = 60_000;

const gates = new Set<Int32Array>();

/**
 * Main thread: the memory to hand to a worker as `workerData.runGate`. Ending the process breaks off its threads, and
 * onnxruntime broken off in a run aborts the process (exit code 134): at exit the process waits for the run in
 * progress, and no further one begins.
 */
export function createRunGate(): { memory: SharedArrayBuffer; remove(): void } {
  const memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  const gate = new Int32Array(memory);
  if (gates.size === 0) process.on("exit", waitForRuns);
  gates.add(gate);
  return {
    memory,
    remove() {
      gates.delete(gate);
      if (gates.size === 0) process.off("exit", waitForRuns);
    },
  };
}

function waitForRuns(): void {
  for (const gate of gates) Atomics.store(gate, STOP, 1);
  for (const gate of gates) Atomics.wait(gate, RUNNING, 1, LONGEST_WAIT_MS);
}

const own = workerData?.runGate instanceof SharedArrayBuffer ? new Int32Array(workerData.runGate) : null;

/** Worker: calls into the runtime so that the process does not end meanwhile. In a main thread it just calls. */
export async function uninterrupted<T>(call: () => Promise<T>): Promise<T> {
  if (own === null) return call();
  Atomics.store(own, RUNNING, 1);
  try {
    if (Atomics.load(own, STOP) === 1) park(own);
    return await call();
  } finally {
    release(own);
  }
}

/** The process is ending: wait for that without running anything. */
function park(gate: Int32Array): never {
  release(gate);
  for (;;) Atomics.wait(gate, STOP, 1);
}

function release(gate: Int32Array): void {
  Atomics.store(gate, RUNNING, 0);
  Atomics.notify(gate, RUNNING);
}
