import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { contentHash } from "#lib/core/hash.ts";
import { type ModelConfig, readModelConfig } from "#lib/engine/model-config.ts";
import type { ByteSource } from "#lib/onnx/index.ts";
import { withoutSymlinks } from "../engine/model-files.ts";
import { chooseGraphFile, weightFiles } from "../engine/model-folder.ts";
import { OrtSession } from "../engine/ort-session.ts";
import { fileSource } from "./file-source.ts";

/** A model folder's graph and settings; no weights are loaded. */
export interface ModelGraph {
  config: ModelConfig;
  /** The ONNX file, under its real name in its real folder: its external data lies beside it. */
  file: string;
  /** The same file; only its structure is read. */
  graph: ByteSource;
}

/**
 * Reads `config.json` and `onnx/model*.onnx` of a model folder.
 * @throws AppError `not-found`, `invalid-file`
 */
export async function readModelGraph(folder: string): Promise<ModelGraph> {
  const configFile = path.join(folder, "config.json");
  if (!existsSync(configFile)) {
    throw new AppError(
      "not-found",
      `${configFile} is missing: a model folder holds config.json and onnx/model.onnx`,
    );
  }
  const config = readModelConfig(parseJson(await readFile(configFile, "utf8"), configFile), null);
  const chosen = chooseGraphFile(folder);
  const file = await withoutSymlinks(chosen, await contentHash(weightFiles(chosen)));
  return { config, file, graph: fileSource(file) };
}

/** Opens a graph, edited or not, whose weights lie beside the model's file. Throws `model-load`. */
export async function openGraph(graph: Uint8Array, { file }: ModelGraph): Promise<OrtSession> {
  try {
    return await OrtSession.create(graph, {
      executionProviders: ["cpu"],
      logSeverityLevel: 3,
      extra: { session: { model_external_initializers_file_folder_path: path.dirname(file) } },
    });
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      "model-load",
      `onnxruntime cannot open ${path.basename(file)}: ${text.split("\n", 1)[0]}`,
      { cause },
    );
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError(
      "invalid-file",
      `${file} is not JSON: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    );
  }
}
