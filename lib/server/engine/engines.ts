import type { Engine, EngineProvider, LoadOptions } from "#lib/engine/contract.ts";
import type { WorkerLink } from "#lib/engine/protocol.ts";
import { RemoteEngine } from "#lib/engine/remote-engine.ts";
import { TeamEngine } from "#lib/engine/team-engine.ts";
import type { NodeLoadParams } from "./load-engine.ts";
import { readModelFiles } from "./model-files.ts";
import { findModelFolder, type ModelPlaces } from "./model-folder.ts";
import { workersFor } from "./team-size.ts";
import { startWorker } from "./worker-link.ts";

export interface NodeEngineOptions extends ModelPlaces {
  /** Threads that a model runs on, in one worker or several; by default one a core. */
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

/**
 * Engines in worker threads, one (for a small model on the CPU a team of them) for each model, device and fixed batch size. A failed load is tried anew; a model
 * whose files have changed since is loaded anew, and who holds the old engine keeps it until it rests.
 */
export function createNodeEngines(options: NodeEngineOptions = {}): NodeEngines {
  const { idleMs = TEN_MINUTES, connect = startWorker, ...places } = options;
  const engines = new Map<string, Promise<Engine>>();
  const opened = new Set<Promise<Engine>>();

  const start = async (params: NodeLoadParams, onProgress?: (message: string) => void): Promise<Engine> => {
    const first = await RemoteEngine.load(connect, params, { onProgress, idleMs });
    const { fingerprint } = first.describe();
    const workers = workersFor(first.describe(), params.threads);
    if (workers === 1) return first;
    return new TeamEngine(first, () => RemoteEngine.load(connect, params, { idleMs, fingerprint }), workers);
  };

  const open = (key: string, params: NodeLoadParams, onProgress?: (message: string) => void) => {
    const loading = start(params, onProgress);
    engines.set(key, loading);
    opened.add(loading);
    loading.catch(() => {
      opened.delete(loading);
      if (engines.get(key) === loading) engines.delete(key);
    });
    return loading;
  };

  return {
    async load(modelId: string, { device, batchSize, onProgress }: LoadOptions): Promise<Engine> {
      const key = JSON.stringify([modelId, device, batchSize]);
      const known = engines.get(key);
      if (known && (await isCurrent(await known, modelId, places))) return known;
      const newer = engines.get(key);
      if (newer !== undefined && newer !== known) return newer;
      return open(key, { ...places, modelId, device, batchSize }, onProgress);
    },
    async dispose() {
      const all = [...opened];
      opened.clear();
      engines.clear();
      await Promise.all(
        all.map((engine) => engine.then((loaded) => loaded.dispose()).catch(() => undefined)),
      );
    },
  };
}

/** True while the model's files are those that the engine was loaded from. */
async function isCurrent(engine: Engine, modelId: string, places: ModelPlaces): Promise<boolean> {
  const folder = findModelFolder(modelId, places);
  if (folder === null) return true;
  return (await readModelFiles(folder, { home: places.home })).fingerprint === engine.describe().fingerprint;
}
