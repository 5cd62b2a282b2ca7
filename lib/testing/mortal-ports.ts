import type { Engine } from "#lib/engine/contract.ts";
import type { PipelinePorts } from "#lib/pipeline/ports.ts";
import type { FakeWorld } from "./fake-ports.ts";

/** `before`: the process dies before the call does anything; `after`: when it is done, but before anyone hears of it. */
export type DeathPoint = "before" | "after";

export class ProcessKilled extends Error {}

/**
 * The world's ports as a process sees them that is killed at its n-th call of any port: that call and every later one
 * throw, as nothing runs in a dead process. An append that the kill cuts leaves half a line.
 */
export function mortalPorts({ ports, store }: FakeWorld, dieAt: number, point: DeathPoint) {
  let calls = 0;
  let dead = false;
  const through = async <T>(work: () => Promise<T>, torn?: () => Promise<void>): Promise<T> => {
    if (dead) throw new ProcessKilled();
    calls += 1;
    if (calls !== dieAt) return work();
    dead = true;
    if (point === "after") await work();
    else await torn?.();
    throw new ProcessKilled();
  };
  const { artifacts, ledger, engines, judges, compute } = ports;
  const mortalEngine = (engine: Engine): Engine => ({
    describe: () => engine.describe(),
    encode: (prompts) => through(() => engine.encode(prompts)),
    encodeText: (texts) => through(() => engine.encodeText(texts)),
    planBatch: (mode, tokens) => engine.planBatch(mode, tokens),
    generate: (rows, options) => through(() => engine.generate(rows, options)),
    capture: (request, options) => through(() => engine.capture(request, options)),
    dispose: () => engine.dispose(),
  });
  const mortal: PipelinePorts = {
    ...ports,
    artifacts: {
      read: (path) => through(() => artifacts.read(path)),
      readText: (path) => through(() => artifacts.readText(path)),
      write: (path, data) => through(() => artifacts.write(path, data)),
      append: (path, text) =>
        through(
          () => artifacts.append(path, text),
          () => store.append(path, text.slice(0, text.length / 2)),
        ),
      list: (prefix) => through(() => artifacts.list(prefix)),
      remove: (path) => through(() => artifacts.remove(path)),
      stat: (path) => through(() => artifacts.stat(path)),
    },
    ledger: {
      finished: (keys) => through(() => ledger.finished(keys)),
      record: (entries) => through(() => ledger.record(entries)),
    },
    engines: { load: async (id, options) => mortalEngine(await engines.load(id, options)) },
    judges: {
      async open(settings) {
        const opened = await judges.open(settings);
        const { transport, cache } = opened;
        return {
          ...opened,
          transport: {
            id: transport.id,
            model: transport.model,
            promptSet: transport.promptSet,
            price: transport.price,
            complete: (request, signal) => through(() => transport.complete(request, signal)),
          },
          cache: {
            get: (keys) => through(() => cache.get(keys)),
            put: (entries) => through(() => cache.put(entries)),
          },
        };
      },
    },
    compute: {
      extractLayer: (job) => through(() => compute.extractLayer(job)),
      evaluateLayer: (job) => through(() => compute.evaluateLayer(job)),
    },
  };
  return { ports: mortal, calls: () => calls };
}
