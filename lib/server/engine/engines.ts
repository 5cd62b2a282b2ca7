import type { Engine, EngineProvider, LoadOptions } from "#lib/engine/contract.ts";
import type { WorkerLink } from "#lib/engine/protocol.ts";
import { RemoteEngine } from "#lib/engine/remote-engine.ts";
import type { NodeLoadParams } from "./load-engine.ts";
import type { ModelPlaces } from "./model-folder.ts";
import { startWorker } from "./worker-link.ts";

export interface NodeEngineOptions extends ModelPlaces {
  /** Threads inside one operation; by default one a core. */
  threads?: number;
  /** A model without work for this long gives its memory back and is loaded again when asked; 10 minutes. */
  idleMs?: number;
  /** How a worker is started; tests put a faulty one here. */
  connect?(): WorkerLink<NodeLoadParams>;
}

export interface NodeEngines extends EngineProvider {
  /** Closes every engine and its worker. */
  dispose(): Promise<void>;
}

const TEN_MINUTES = 600_000;

/** Engines in worker threads, one for each model, device and fixed batch size; a failed load is tried anew. */
export function createNodeEngines(options: NodeEngineOptions = {}): NodeEngines {
  const { idleMs = TEN_MINUTES, connect = startWorker, ...places } = options;
  const engines = new Map<string, Promise<RemoteEngine<NodeLoadParams>>>();
  return {
    load(modelId: string, { device, batchSize, onProgress }: LoadOptions): Promise<Engine> {
      const key = JSON.stringify([modelId, device, batchSize]);
      const known = engines.get(key);
      if (known) return known;
      const params: NodeLoadParams = { ...places, modelId, device, batchSize };
      const loading = RemoteEngine.load(connect, params, { onProgress, idleMs });
      engines.set(key, loading);
      loading.catch(() => engines.delete(key));
      return loading;
    },
    async dispose() {
      const open = [...engines.values()];
      engines.clear();
      await Promise.all(
        open.map((engine) => engine.then((loaded) => loaded.dispose()).catch(() => undefined)),
      );
    },
  };
}
