import { AppError } from "#lib/core/errors.ts";
import { readTillerFile } from "#lib/engine/model-config.ts";
import type { JudgeTransport, PromptSet } from "#lib/judge/contract.ts";
import { hasChatTemplate, readModelFiles } from "./engine/model-files.ts";
import { findModelFolder, type ModelPlaces, modelNotFound } from "./engine/model-folder.ts";

/** An installed model as a judge. */
export interface JudgeModel {
  fingerprint: string;
  promptSet: PromptSet;
  /** The only ones it knows; undefined: any. */
  traits: readonly string[] | undefined;
  agreement: NonNullable<JudgeTransport["agreement"]> | null;
}

/**
 * A model whose `tiller.json` makes it a judge has prompts, traits and figures of its own; any other model with a chat
 * template is asked with the standard prompts.
 * Throws `not-found`, and `usage` for a model that cannot judge.
 */
export async function readJudgeModel(
  model: string,
  places: ModelPlaces,
  task: "judge" | "write" = "judge",
): Promise<JudgeModel> {
  const folder = findModelFolder(model, places);
  if (folder === null) throw modelNotFound(model, places);
  const files = await readModelFiles(folder, { home: places.home });
  const { judge } = readTillerFile(files.tiller);
  if (!judge && !hasChatTemplate(files)) {
    throw new AppError(
      "usage",
      `model ${model} cannot ${task}: it has no chat template; choose an instruct model, demo, or ${task === "judge" ? "a judge endpoint (--judge URL)" : "an endpoint"}`,
    );
  }
  const { fingerprint } = files;
  return {
    fingerprint,
    promptSet: judge ? "builtin-1" : "standard-1",
    traits: judge?.traits,
    agreement: judge?.agreement ?? null,
  };
}
