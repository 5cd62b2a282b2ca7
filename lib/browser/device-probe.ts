import { AppError } from "#lib/core/errors.ts";
import { requestAdapter, wasmThreads } from "./abilities.ts";

/** What this browser offers to run a model with. */
export interface DeviceProbe {
  webgpu: AdapterProbe | { available: false; reason: string };
  wasm: { threads: number; isolated: boolean };
  cores: number;
  /** Gibibytes of the machine as the browser tells them: rounded and capped; null where it does not. */
  memory: number | null;
  /** Bytes that this page has stored, and may store; null where the browser does not say. */
  storage: { used: number; allowed: number } | null;
}

export interface AdapterProbe {
  available: true;
  /** `vendor architecture (description)`, as far as the browser tells. */
  name: string;
  /** Emulated on the processor: correct, and slow. */
  software: boolean;
  features: string[];
  /** Those that decide which models fit. */
  limits: Record<(typeof shownLimits)[number], number>;
}

const shownLimits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
] as const;

export async function probeDevice(): Promise<DeviceProbe> {
  const { usage, quota } = (await navigator.storage?.estimate()) ?? {};
  return {
    webgpu: await probeAdapter(),
    wasm: { threads: wasmThreads(), isolated: self.crossOriginIsolated },
    cores: navigator.hardwareConcurrency,
    memory: "deviceMemory" in navigator ? Number(navigator.deviceMemory) : null,
    storage: usage === undefined || quota === undefined ? null : { used: usage, allowed: quota },
  };
}

async function probeAdapter(): Promise<DeviceProbe["webgpu"]> {
  try {
    const { info, limits, features } = await requestAdapter();
    const { vendor, architecture, description } = info;
    const name = [vendor, architecture, description && `(${description})`].filter(Boolean).join(" ");
    return {
      available: true,
      name: name || "not named by the browser",
      software: info.isFallbackAdapter || /swiftshader|llvmpipe|software/i.test(name),
      features: [...features].sort(),
      limits: Object.fromEntries(
        shownLimits.map((limit) => [limit, limits[limit]]),
      ) as AdapterProbe["limits"],
    };
  } catch (error) {
    return { available: false, reason: AppError.from(error).userMessage };
  }
}
