import type { EngineProvider } from "#lib/engine/contract.ts";
import { isLent } from "#lib/engine/run-device.ts";
import type { RunEngines } from "#lib/pipeline/ports.ts";
import { detectDevices, fastestDevice } from "../engine/devices.ts";
import type { ModelPlaces } from "../engine/model-folder.ts";
import type { LendingHub } from "./hub.ts";
import { LentEngine } from "./lent-engine.ts";
import { readLentModel } from "./lent-model.ts";

/** A run's engines: the server's own (`auto`: on its fastest device), or for a browser's device whatever is lent. */
export function createRunEngines(own: EngineProvider, hub: LendingHub, places: ModelPlaces): RunEngines {
  // Devices do not come and go while a process runs, and trying them takes a moment.
  let fastest: Promise<ReturnType<typeof fastestDevice>> | undefined;
  return {
    async load(modelId, { device, runId, onWork, ...options }) {
      if (device === "auto") {
        fastest ??= detectDevices().then((found) => fastestDevice(found));
        const { device: chosen, reason } = await fastest;
        options.onProgress?.(`device auto: ${reason}`);
        return own.load(modelId, { ...options, device: chosen });
      }
      if (!isLent(device)) return own.load(modelId, { ...options, device });
      const model = await readLentModel(modelId, places);
      options.onProgress?.(
        `${model.description.label} runs in a browser: this run's page, opened there, does the work`,
      );
      return new LentEngine({ runId, device, model, hub, batchSize: options.batchSize, onWork });
    },
  };
}
