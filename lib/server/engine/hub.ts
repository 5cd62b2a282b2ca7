import path from "node:path";
import {
  AutoConfig,
  AutoModelForCausalLM,
  AutoTokenizer,
  env,
  ModelFileNotFoundError,
} from "@huggingface/transformers";
import { AppError } from "#lib/core/errors.ts";

/**
 * Downloads a model from the Hugging Face Hub into `cache` with transformers.js's own Hub code (tokens, mirrors,
 * revisions and external data as it knows them). What is there already is not fetched again.
 * @returns the model's folder
 * @throws AppError `not-found` (no such model, or no ONNX files), `model-load` (no network)
 */
export async function downloadModel(
  modelId: string,
  cache: string,
  onProgress: (message: string) => void = () => undefined,
): Promise<string> {
  env.allowLocalModels = false;
  const options = { cache_dir: cache, progress_callback: reporter(onProgress) };
  try {
    await AutoConfig.from_pretrained(modelId, options);
    await AutoTokenizer.from_pretrained(modelId, options);
    // transformers.js fetches a model's files only together with opening it: it is closed at once.
    const open = (dtype: "fp32" | "q4") =>
      AutoModelForCausalLM.from_pretrained(modelId, { ...options, dtype });
    const model = await open("fp32").catch((error: unknown) => {
      if (error instanceof ModelFileNotFoundError) return open("q4");
      throw error;
    });
    await model.dispose();
  } catch (error) {
    throw hubError(modelId, error);
  }
  return path.join(cache, modelId);
}

/** One message for every tenth of a file. */
function reporter(onProgress: (message: string) => void) {
  const told = new Map<string, number>();
  return (info: { status: string; file?: string; progress?: number }) => {
    if (info.status !== "progress" || info.file === undefined || info.progress === undefined) return;
    const tenth = Math.floor(info.progress / 10);
    if (told.get(info.file) === tenth) return;
    told.set(info.file, tenth);
    onProgress(`downloading ${info.file}: ${Math.round(info.progress)} %`);
  };
}

function isNetworkError(error: unknown): boolean {
  return error instanceof TypeError && /fetch failed|network/i.test(error.message);
}

function hubError(modelId: string, error: unknown): AppError {
  const host = new URL(env.remoteHost).host;
  if (isNetworkError(error)) {
    return new AppError(
      "model-load",
      `model ${modelId} is not installed and ${host} cannot be reached: connect to the internet, or put the model into a folder and name that`,
      { retryable: true, cause: error },
    );
  }
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof ModelFileNotFoundError) {
    return new AppError(
      "not-found",
      `model ${modelId} was not found on ${host}, or has no ONNX files for transformers.js, or is private (set HF_TOKEN): ${text.split("\n", 1)[0]}`,
      { cause: error },
    );
  }
  return new AppError("model-load", `model ${modelId} could not be downloaded: ${text.split("\n", 1)[0]}`, {
    cause: error,
  });
}
