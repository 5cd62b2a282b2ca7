import { AppError } from "#lib/core/errors.ts";
import { contentHash } from "#lib/core/hash.ts";
import type { Engine, MemoryInUse } from "#lib/engine/contract.ts";
import { createEngine } from "#lib/engine/engine.ts";
import type { Platform } from "#lib/engine/session.ts";
import { largestWeight, storedDtype } from "#lib/onnx/index.ts";
import { deviceAbilities, requestAdapter, wasmThreads } from "./abilities.ts";
import { chooseListing, needsOf, weightFiles } from "./choose-model.ts";
import { requireFit } from "./device-fit.ts";
import { ownGraphicsDevice } from "./graphics-device.ts";
import { WebModelFiles } from "./model-files.ts";
import type { ModelOrigin } from "./model-origin.ts";
import { configureRuntime, openSession, type RuntimeOptions, type WebDevice } from "./runtime.ts";

/** What a worker is told to load; plain data. */
export interface WebLoadParams {
  modelId: string;
  device: WebDevice;
  origin: ModelOrigin;
  batchSize?: number;
  /** Which ONNX file, as a suffix; the plainest that fits the device when absent. */
  variant?: string;
  /** Of WebAssembly; as many as are useful when absent. */
  threads?: number;
}

/** What the worker hears of, and tells. */
export interface LoadEvents {
  onProgress(message: string): void;
  onDeviceLost(reason: string): void;
  memoryInUse(): MemoryInUse;
}

// Beyond these sizes a batch costs memory and waiting without running faster.
const MAX_BATCH: Record<WebDevice, number> = { webgpu: 64, wasm: 16 };

/**
 * Loads a model into this worker: finds the variant that fits the device, fetches its files, opens it.
 * @throws AppError `device-unavailable`, `not-found`, `invalid-file`, `model-load`, `disk-full`, `model-unsupported`,
 * `instrument`
 */
export async function loadWebEngine(params: WebLoadParams, events: LoadEvents): Promise<Engine> {
  const { modelId, device, origin } = params;
  const abilities = await deviceAbilities(device);
  const listing = await chooseListing(params, abilities);
  requireFit(modelId, needsOf(listing), abilities);
  const files = new WebModelFiles(listing, origin, events.onProgress);
  const hashes: { name: string; bytes: number; sha256: string }[] = [];
  for (const { name, bytes } of listing.files) {
    const file = await files.read(name);
    hashes.push({ name, bytes, sha256: file.sha256 });
    // The Hub tells neither how large a weight is nor how it is stored: the graph does, and its data need not be
    // fetched in vain.
    if (name === listing.graphFile && listing.dtype === null) {
      const told = { variant: storedDtype(file.bytes), largestWeight: largestWeight(file.bytes) };
      requireFit(modelId, { ...needsOf(listing), ...told }, abilities);
    }
  }
  const runtime = {
    device,
    threads: params.threads ?? wasmThreads(),
    graphics: device === "webgpu" ? await ownGraphicsDevice(await requestAdapter()) : null,
    onDeviceLost: events.onDeviceLost,
  };
  configureRuntime(runtime);
  const engine = await createEngine(
    {
      id: modelId,
      device,
      config: await files.readJson("config.json"),
      generationConfig: await files.readJson("generation_config.json"),
      tokenizer: await objectIn(files, "tokenizer.json"),
      tokenizerConfig: (await objectIn(files, "tokenizer_config.json", {})) ?? {},
      chatTemplate: await files.readText("chat_template.jinja"),
      tiller: listing.tiller ?? null,
      readGraph: async () => (await files.read(listing.graphFile)).bytes,
      graphFile: baseName(listing.graphFile),
      files: hashes,
      fingerprint: await contentHash(hashes.map(({ name, sha256 }) => [name, sha256])),
    },
    webPlatform(files, runtime, events.memoryInUse),
    { batchSize: params.batchSize },
  );
  events.onProgress(`${engine.describe().label} is ready on ${device}`);
  return engine;
}

/** onnxruntime-web on one device, for graphs whose weights lie in the model's files. */
function webPlatform(
  files: WebModelFiles,
  runtime: RuntimeOptions,
  memoryInUse: () => MemoryInUse,
): Platform {
  return {
    async createSession(graph, keep) {
      const weights = [];
      for (const { name } of weightFiles(files.listing.files)) {
        weights.push({ path: baseName(name), data: (await files.read(name)).bytes });
      }
      return openSession(graph, keep, weights, runtime);
    },
    freeMemory: async () => freeMemory(runtime.device),
    memoryInUse,
    maxBatch: () => MAX_BATCH[runtime.device],
  };
}

/** Browsers tell no free memory: a quarter of the machine's, which they round and cap; of WebAssembly's, half at most. */
function freeMemory(device: WebDevice): number {
  const gigabytes = ("deviceMemory" in navigator ? Number(navigator.deviceMemory) : 4) / 4;
  return (device === "wasm" ? Math.min(gigabytes, 2) : gigabytes) * 2 ** 30;
}

async function objectIn(files: WebModelFiles, name: string, fallback?: object): Promise<object> {
  const value = (await files.readJson(name)) ?? fallback;
  if (typeof value === "object" && value !== null) return value;
  throw new AppError("invalid-file", `${name} of model ${files.listing.id} is missing or no JSON object`);
}

function baseName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
