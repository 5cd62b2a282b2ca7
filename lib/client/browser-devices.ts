import { useQuery } from "@tanstack/react-query";
import { AppError } from "#lib/core/errors.ts";
import type { LentDevice } from "#lib/engine/run-device.ts";

export type BrowserDevice = "webgpu" | "wasm";

export interface BrowserDeviceReport {
  device: BrowserDevice;
  available: boolean;
  /** Why not, and what to do; empty where it is there. */
  reason: string;
}

/** What this browser could lend; undefined until it has been asked. */
export function useBrowserDevices(): BrowserDeviceReport[] | undefined {
  return useQuery({
    queryKey: ["browser-devices"],
    queryFn: browserDevices,
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
}

/** The device with which this browser does the work of a run; WebGPU before WASM where it may choose. */
export function deviceFor(
  wanted: LentDevice,
  devices: readonly BrowserDeviceReport[],
): BrowserDeviceReport | undefined {
  const fitting = devices.filter(({ device }) => wanted === "browser" || wanted === `browser-${device}`);
  return fitting.find(({ available }) => available) ?? fitting[0];
}

async function browserDevices(): Promise<BrowserDeviceReport[]> {
  if (!isSecureContext) {
    const reason = "browsers run models only on pages from http://localhost or over HTTPS";
    return (["webgpu", "wasm"] as const).map((device) => ({ device, available: false, reason }));
  }
  const { requestAdapter } = await import("#lib/browser/abilities.ts");
  const reason = await requestAdapter().then(
    () => "",
    (error: unknown) => AppError.from(error).userMessage,
  );
  return [
    { device: "webgpu", available: reason === "", reason },
    { device: "wasm", available: true, reason: "" },
  ];
}
