import type { Engine, LoadOptions } from "#lib/engine/contract.ts";
import { missingBytes, offerModel } from "./choose-model.ts";
import { createWebEngines, type WebEngines } from "./engines.ts";
import { hubOrigin, type ModelOrigin, mirrorOrigin, serverOrigin } from "./model-origin.ts";

export type DownloadSource = "server" | "hub";

/** A download that is not started unasked. */
export interface Download {
  modelId: string;
  /** By where it could come from, what is still to fetch from there. */
  bytes: Partial<Record<DownloadSource, number>>;
}

/** Up to this many bytes are fetched from Tiller's own server without a question: the demo model. */
const UNASKED_BYTES = 50e6;

const origins: Record<DownloadSource, ModelOrigin> = {
  server: serverOrigin,
  hub: mirrorOrigin(hubOrigin.host),
};

/**
 * Web engines that ask before a large model is fetched, and where from. What is kept already, or small and the server's
 * own, loads at once.
 * @param ask rejects to load nothing
 */
export function createAskingEngines(ask: (download: Download) => Promise<DownloadSource>): WebEngines {
  const from = {
    server: createWebEngines({ origin: origins.server }),
    hub: createWebEngines({ origin: origins.hub }),
  };

  async function chosen(modelId: string, device: LoadOptions["device"]): Promise<DownloadSource> {
    if (device !== "webgpu" && device !== "wasm") return "server";
    const { listing, missing, problem } = await offerModel({ modelId, origin: origins.server }, device);
    // Loading says what is wrong, and fetches nothing.
    if (problem !== null || missing <= UNASKED_BYTES) return "server";
    if (!isHubId(modelId)) return ask({ modelId, bytes: { server: missing } });
    const hub = await missingBytes(listing, origins.hub);
    return hub === 0 ? "hub" : ask({ modelId, bytes: { server: missing, hub } });
  }

  return {
    async load(modelId, options): Promise<Engine> {
      return from[await chosen(modelId, options.device)].load(modelId, options);
    },
    async dispose() {
      await Promise.all([from.server.dispose(), from.hub.dispose()]);
    },
  };
}

/** `owner/name`: a model of that id can be fetched from the Hub. */
function isHubId(modelId: string): boolean {
  return /^[\w-][\w.-]*\/[\w-][\w.-]*$/.test(modelId);
}
