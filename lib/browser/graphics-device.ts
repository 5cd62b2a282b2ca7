/** The runtime's attention kernel for prompts of 32 tokens and more has this many of its lanes work together. */
const ATTENTION_LANES = 8;

const features: readonly GPUFeatureName[] = ["shader-f16", "timestamp-query"];
const limits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupsPerDimension",
] as const;

/**
 * A device without subgroups for adapters whose subgroups are smaller than the runtime's attention kernel takes them to
 * be (software adapters): from the fifth token on the hidden states of such a prompt would be wrong. Without the
 * feature the runtime uses its kernel over shared memory (onnxruntime pull request 28520).
 * @returns null where the runtime may choose by itself
 */
export async function ownGraphicsDevice(adapter: GPUAdapter): Promise<GPUDevice | null> {
  if (!adapter.features.has("subgroups") || adapter.info.subgroupMinSize >= ATTENTION_LANES) return null;
  return adapter.requestDevice({
    requiredFeatures: features.filter((name) => adapter.features.has(name)),
    requiredLimits: Object.fromEntries(limits.map((limit) => [limit, adapter.limits[limit]])),
  });
}
