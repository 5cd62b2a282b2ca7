import { env, InferenceSession } from "onnxruntime-web/webgpu";
import { AppError } from "#lib/core/errors.ts";
import { WebSession } from "./web-session.ts";

export type WebDevice = "webgpu" | "wasm";

export interface RuntimeOptions {
  device: WebDevice;
  threads: number;
  /** With WebGPU: used instead of the one that the runtime would open. */
  graphics?: GPUDevice | null;
  /** The device's memory and everything in it are gone: this worker can do no more. */
  onDeviceLost(reason: string): void;
}

/** A file to which graphs' weights point. */
export interface WeightFile {
  /** As the graphs call it. */
  path: string;
  data: Uint8Array;
}

/** Sets onnxruntime-web up, once a worker: its own files come from this origin, never from a CDN. */
export function configureRuntime({ threads }: Pick<RuntimeOptions, "threads">): void {
  env.wasm.wasmPaths = {
    mjs: new URL("onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs", import.meta.url).href,
    wasm: new URL("onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm", import.meta.url).href,
  };
  env.wasm.numThreads = threads;
  env.logLevel = "error";
}

/**
 * Opens an edited graph. Its weights are read out of `weights` while it opens and are not kept.
 * @throws AppError `device-unavailable`, `model-load`
 */
export async function openSession(
  graph: Uint8Array,
  keep: readonly string[],
  weights: readonly WeightFile[],
  options: RuntimeOptions,
): Promise<WebSession> {
  const { device, graphics } = options;
  const onCard = device === "webgpu";
  try {
    const session = await InferenceSession.create(graph, {
      executionProviders: [graphics ? { name: "webgpu", device: graphics } : device],
      logSeverityLevel: 3,
      externalData: [...weights],
      ...(onCard
        ? { preferredOutputLocation: Object.fromEntries(keep.map((name) => [name, "gpu-buffer" as const])) }
        : {}),
    });
    if (onCard) watchDevice(graphics ?? ((await env.webgpu.device) as GPUDevice), options);
    return new WebSession(session);
  } catch (error) {
    throw sessionError(device, error);
  }
}

const watched = new WeakSet<GPUDevice>();

function watchDevice(device: GPUDevice, { onDeviceLost }: RuntimeOptions): void {
  if (watched.has(device)) return;
  watched.add(device);
  void device.lost.then(({ message }) =>
    onDeviceLost(`the graphics device was lost${message ? ` (${message})` : ""}`),
  );
}

function sessionError(device: WebDevice, error: unknown): AppError {
  const text = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
  if (device === "webgpu" && /adapter|WebGPU is not supported|no available backend/i.test(text)) {
    return new AppError("device-unavailable", `WebGPU cannot be used in this browser: ${text}; choose WASM`, {
      cause: error,
    });
  }
  return new AppError("model-load", `onnxruntime cannot open the model: ${text}`, { cause: error });
}
