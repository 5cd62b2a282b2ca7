import { AppError } from "#lib/core/errors.ts";
import type { DeviceAbilities } from "./device-fit.ts";
import type { WebDevice } from "./runtime.ts";

/** Asks this browser what a device can do. Throws `device-unavailable` when it is not there. */
export async function deviceAbilities(device: WebDevice): Promise<DeviceAbilities> {
  if (device === "wasm") return { device, halfPrecision: true, largestBuffer: Number.POSITIVE_INFINITY };
  const adapter = await requestAdapter();
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return {
    device,
    halfPrecision: adapter.features.has("shader-f16"),
    largestBuffer: Math.min(maxBufferSize, maxStorageBufferBindingSize),
  };
}

/** The adapter that the runtime will use too. Throws `device-unavailable`, saying what to do. */
export async function requestAdapter(): Promise<GPUAdapter> {
  if (!("gpu" in navigator) || navigator.gpu === undefined) {
    throw unavailable("this browser has no WebGPU", "use a current Chrome, Edge, Safari or Firefox");
  }
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter) return adapter;
  throw unavailable(
    "WebGPU finds no graphics adapter",
    "update the graphics driver and see that hardware acceleration is on",
  );
}

function unavailable(cause: string, help: string): AppError {
  return new AppError("device-unavailable", `${cause}: ${help}, or choose WASM`);
}

/** Threads that WebAssembly may use: one where the page is not isolated from other origins. */
export function wasmThreads(): number {
  // One core stays free for the page; beyond eight threads small models gain nothing.
  return self.crossOriginIsolated ? Math.min(8, Math.max(1, navigator.hardwareConcurrency - 1)) : 1;
}
