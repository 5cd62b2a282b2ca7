import type { Device } from "./contract.ts";

/**
 * What a run may name as its device: one of the server's own (`auto`: the fastest that works there), or a browser's
 * that is lent to it.
 */
export const runDevices = [
  "auto",
  "cpu",
  "cuda",
  "webgpu",
  "browser",
  "browser-webgpu",
  "browser-wasm",
] as const;
export type RunDevice = (typeof runDevices)[number];

/** `browser` is whatever a tab has; the others name its device. */
export type LentDevice = Extract<RunDevice, `browser${string}`>;
export type ServerDevice = Exclude<RunDevice, LentDevice>;

export function isLent(device: RunDevice): device is LentDevice {
  return device.startsWith("browser");
}

/**
 * What one tab must have to do all the lent work of a run, the model's and the judge's; null where nothing is lent.
 * No run has two that name different devices: `resolveConfig` refuses them.
 */
export function lentDeviceOf(devices: readonly RunDevice[]): LentDevice | null {
  const lent = devices.filter(isLent);
  return lent.find((device) => device !== "browser") ?? lent[0] ?? null;
}

/** Whether a lender's device may do the work of a run that asks for `wanted`. */
export function mayLend(wanted: LentDevice, device: Device): boolean {
  return wanted === "browser" || wanted === `browser-${device}`;
}
