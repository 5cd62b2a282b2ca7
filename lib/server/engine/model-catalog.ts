import { AppError } from "#lib/core/errors.ts";
import { readModelConfig } from "#lib/engine/model-config.ts";
import type { ModelCatalog, ModelIdentity } from "#lib/pipeline/ports.ts";
import { hasChatTemplate, readModelFiles } from "./model-files.ts";
import { findModelFolder, type ModelPlaces, modelNotFound } from "./model-folder.ts";

/** Models as their files describe them; nothing is loaded. */
export function createModelCatalog(places: ModelPlaces = {}): ModelCatalog {
  return {
    async identify(modelId): Promise<ModelIdentity> {
      const folder = findModelFolder(modelId, places);
      if (folder === null) throw modelNotFound(modelId, places);
      const files = await readModelFiles(folder, { home: places.home });
      const { layers, hidden } = readModelConfig(files.config, files.generationConfig);
      if (layers === undefined || hidden === undefined) {
        throw new AppError(
          "invalid-file",
          `${folder}/config.json does not give the number of layers and the width`,
        );
      }
      return {
        id: modelId,
        fingerprint: files.fingerprint,
        files: files.files,
        layers,
        hidden,
        hasChatTemplate: hasChatTemplate(files),
      };
    },
  };
}
