import { AppError } from "#lib/core/errors.ts";
import type { Engine, EngineProvider, LoadOptions } from "#lib/engine/contract.ts";
import type { WorkerLink } from "#lib/engine/protocol.ts";
import { RemoteEngine } from "#lib/engine/remote-engine.ts";
import type { WebLoadParams } from "./load-web-engine.ts";
import { type ModelOrigin, serverOrigin } from "./model-origin.ts";
import { startWebWorker } from "./worker-link.ts";

export interface WebEngineOptions {
  /** Where models come from; Tiller's own server by default. */
  origin?: ModelOrigin;
  /** Which ONNX file, as a suffix (`q4`); the plainest that fits the device by default. */
  variant?: string;
  /** Of WebAssembly; as many as are useful by default, one where the page is not cross-origin isolated. */
  threads?: number;
  /** A model without work for this long gives its memory back and is loaded again when asked; 10 minutes. */
  idleMs?: number;
  /** How a worker is started; tests put a faulty one here. */
  connect?(): WorkerLink<WebLoadParams>;
}

export interface WebEngines extends EngineProvider {
  /** Closes every engine and its worker. */
  dispose(): Promise<void>;
}

const TEN_MINUTES = 600_000;
// A device may be lost again: the driver's reset, the machine's sleep. More often than this it is the batch's fault.
const RETRIES = 2;

/**
 * Engines in Web Workers, one for each model, device and fixed batch size. A failed load is tried anew; a batch whose
 * worker or graphics device is lost is given to a new one.
 */
export function createWebEngines(options: WebEngineOptions = {}): WebEngines {
  const { idleMs = TEN_MINUTES, connect = startWebWorker, origin = serverOrigin, variant, threads } = options;
  const engines = new Map<string, Promise<RemoteEngine<WebLoadParams>>>();

  return {
    async load(modelId: string, { device, batchSize, onProgress }: LoadOptions): Promise<Engine> {
      const key = JSON.stringify([modelId, device, batchSize]);
      const known = engines.get(key);
      // Who closed an engine to make room may want it again.
      if (known && !(await known).disposed) return known;
      const newer = engines.get(key);
      if (newer !== undefined && newer !== known) return newer;
      const loading = open({ modelId, device, batchSize }, onProgress);
      engines.set(key, loading);
      loading.catch(() => engines.delete(key));
      return loading;
    },
    async dispose() {
      const all = [...engines.values()];
      engines.clear();
      await Promise.all(
        all.map((engine) => engine.then((loaded) => loaded.dispose()).catch(() => undefined)),
      );
    },
  };

  async function open(
    { modelId, device, batchSize }: LoadOptions & { modelId: string },
    onProgress?: (message: string) => void,
  ): Promise<RemoteEngine<WebLoadParams>> {
    if (device !== "webgpu" && device !== "wasm") {
      throw new AppError("device-unavailable", `a browser has no device ${device}: choose webgpu or wasm`);
    }
    if (!isSecureContext) {
      throw new AppError(
        "device-unavailable",
        "browsers run models only on pages from http://localhost or over HTTPS: open Tiller at one of them",
      );
    }
    const params = { modelId, device, batchSize, origin, variant, threads };
    return RemoteEngine.load(connect, params, { onProgress, idleMs, retries: RETRIES });
  }
}
