import { describe, expect, it } from "vitest";
import { AppError } from "#lib/core/errors.ts";
import { isOutOfMemory } from "./out-of-memory.ts";

describe("isOutOfMemory", () => {
  it.each([
    "Non-zero status code returned while running MatMul node. Name:'/lm_head/MatMul' Status Message: std::bad_alloc",
    "/onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:376 Available memory of 524288 is smaller than requested bytes of 8388608",
    "bfc_arena.cc:358 Failed to allocate memory for requested buffer of size 1234567890",
    "CUDA failure 2: out of memory ; GPU=0",
    "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED",
    "RangeError: Array buffer allocation failed",
    "mmap: Cannot allocate memory",
    "failed to call OrtRun(). ERROR_CODE: 1, ERROR_MESSAGE: onnxruntime/core/common/safeint.h:17 static void SafeIntExceptionHandler<onnxruntime::OnnxRuntimeException>::SafeIntOnOverflow() Integer overflow",
    "failed to call OrtRun(). ERROR_CODE: 1, ERROR_MESSAGE: shader_helper.cc:308 numbers_storage_buffers_ <= limits_.maxStorageBuffersPerShaderStage was false. Too many storage buffers in shader. Current: 11, Max is 10",
  ])("knows %s", (text) => {
    expect(isOutOfMemory(new Error(text))).toBe(true);
    expect(isOutOfMemory(text)).toBe(true);
  });

  it.each([
    "Got invalid dimensions for input: input_ids",
    "failed to load library libcudart.so",
    "the work was stopped",
  ])("does not take %s for it", (text) => {
    expect(isOutOfMemory(new Error(text))).toBe(false);
  });

  it("goes by the code of an AppError, not by its words", () => {
    expect(isOutOfMemory(new AppError("out-of-memory", "no room"))).toBe(true);
    expect(isOutOfMemory(new AppError("invalid-input", "out of memory"))).toBe(false);
  });
});
