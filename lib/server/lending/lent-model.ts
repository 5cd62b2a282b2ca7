import path from "node:path";
import type { ModelDescription } from "#lib/engine/contract.ts";
import { readModelConfig, readTillerFile } from "#lib/engine/model-config.ts";
import { describeModel } from "#lib/engine/model-source.ts";
import { createTokenizer, type Tokenizer } from "#lib/engine/tokenizer.ts";
import { describeGraph } from "#lib/onnx/index.ts";
import { readModelFiles } from "../engine/model-files.ts";
import { findModelFolder, type ModelPlaces, modelNotFound } from "../engine/model-folder.ts";
import { fileSource } from "../models/file-source.ts";

/** A model as its files tell it: what the server needs of one that runs elsewhere. */
export interface LentModel {
  description: ModelDescription;
  tokenizer: Tokenizer;
}

/** Reads an installed model's files; no session is opened. Throws `not-found`, `invalid-file`, `instrument`. */
export async function readLentModel(modelId: string, places: ModelPlaces): Promise<LentModel> {
  const folder = findModelFolder(modelId, places);
  if (folder === null) throw modelNotFound(modelId, places);
  const files = await readModelFiles(folder, { home: places.home });
  const config = readModelConfig(files.config, files.generationConfig);
  const tokenizer = createTokenizer(files.tokenizer, files.tokenizerConfig, files.chatTemplate);
  const readGraph = async () => fileSource(files.graphFile);
  const graph = describeGraph(await readGraph(), { expectedLayers: config.layers });
  const source = {
    ...files,
    id: modelId,
    // Where it runs is each lender's own.
    device: "webgpu" as const,
    readGraph,
    graphFile: path.basename(files.graphFile),
  };
  const description = describeModel(source, graph, config, tokenizer, readTillerFile(files.tiller));
  return { description, tokenizer };
}
