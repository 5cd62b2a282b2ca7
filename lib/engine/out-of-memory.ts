import { AppError } from "#lib/core/errors.ts";

// ONNX Runtime's CPU arena and CUDA arena (bfc_arena.cc), the C++ and CUDA allocators below them, WebAssembly, WebGPU
// and V8, in their own words.
const phrases = [
  /failed to allocate memory/i,
  /available memory of \d+ is smaller than requested/i,
  /bad[_ ]alloc/i,
  /cannot allocate memory/i,
  /\bout of memory\b/i,
  /out_of_memory/i,
  /CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED/,
  /array buffer allocation failed/i,
  /could not allocate (?:aligned )?(?:memory|buffer)/i,
  /invalid (?:typed )?array(?: buffer)? length/i,
  // WebAssembly: a tensor larger than what 32 bits address (onnxruntime's safeint.h).
  /SafeIntOnOverflow/,
  // WebGPU: a tensor larger than one storage buffer is bound in pieces, of which there are too many.
  /too many storage buffers in shader/i,
];

/** True for what a runtime throws when a batch does not fit in memory. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof AppError) return error.code === "out-of-memory";
  const text = error instanceof Error ? error.message : String(error);
  return phrases.some((phrase) => phrase.test(text));
}
