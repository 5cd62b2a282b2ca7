import { AppError } from "#lib/core/errors.ts";
import type { WebDevice } from "./runtime.ts";

/** What a model may count on; plain data, so that the choices below can be made anywhere. */
export interface DeviceAbilities {
  device: WebDevice;
  /** The adapter computes in half precision. */
  halfPrecision: boolean;
  /** Bytes of the largest buffer that the adapter lends to a shader; infinite for WASM. */
  largestBuffer: number;
}

/** WebAssembly addresses 4 GiB; the runtime and a batch need some of them. */
const WASM_WEIGHTS = 3.5 * 2 ** 30;

const halfVariants = new Set(["fp16", "q4f16"]);

/**
 * The variants that a device can compute, in the order given: those in half precision need an adapter with shader-f16.
 * WASM computes them too, slowly, by widening: they come last there.
 */
export function usableVariants(variants: readonly string[], abilities: DeviceAbilities): string[] {
  const inHalf = variants.filter((variant) => halfVariants.has(variant));
  const others = variants.filter((variant) => !halfVariants.has(variant));
  if (abilities.device === "wasm") return [...others, ...inHalf];
  return abilities.halfPrecision ? [...variants] : others;
}

export interface ModelNeeds {
  /** How its weights are stored, or the suffix of its file's name where that is not known. */
  variant: string;
  /** Bytes of the largest weight; null when unknown. */
  largestWeight: number | null;
  /** Bytes of all weights. */
  weights: number;
}

/** Why a model does not fit a device, in one line, or null. */
export function misfit(
  { variant, largestWeight, weights }: ModelNeeds,
  abilities: DeviceAbilities,
): string | null {
  if (abilities.device === "wasm") {
    return weights > WASM_WEIGHTS
      ? `needs ${size(weights)} of memory for its weights, WebAssembly allows ${size(WASM_WEIGHTS)}`
      : null;
  }
  if (halfVariants.has(variant) && !abilities.halfPrecision) {
    return `computes in half precision (${variant}), which this adapter does not (shader-f16 is missing)`;
  }
  if (largestWeight === null || largestWeight <= abilities.largestBuffer) return null;
  return `needs a ${size(largestWeight)} buffer, this adapter allows ${size(abilities.largestBuffer)}`;
}

/** Throws `device-unavailable` for a model that does not fit. */
export function requireFit(modelId: string, needs: ModelNeeds, abilities: DeviceAbilities): void {
  const problem = misfit(needs, abilities);
  if (problem === null) return;
  throw new AppError(
    "device-unavailable",
    `model ${modelId} ${problem}: choose a smaller or more strongly quantised model, or run it on the server`,
  );
}

/** `16 KB`, `512 MB`, `3.5 GB`; binary units, as adapters give their limits. */
export function size(bytes: number): string {
  const gigabytes = bytes / 2 ** 30;
  if (gigabytes >= 1) return `${Number(gigabytes.toFixed(1))} GB`;
  const megabytes = bytes / 2 ** 20;
  if (megabytes < 0.1) return `${Math.ceil(bytes / 2 ** 10)} KB`;
  return `${megabytes >= 10 ? Math.round(megabytes) : Number(megabytes.toFixed(1))} MB`;
}
