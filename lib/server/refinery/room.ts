import { readModelConfig } from "#lib/engine/model-config.ts";
import type { Generation } from "#lib/refinery/request.ts";
import type { TeacherSettings } from "#lib/teacher/settings.ts";
import { readModelFiles } from "../engine/model-files.ts";
import { findModelFolder, modelNotFound } from "../engine/model-folder.ts";

/** Tokens below which the usual prompts, with schema, draft and critique, do not fit. */
const roomy = 4_096;

/**
 * How an installed model that reads few tokens can be asked: in the short templates, for answers that fit into them.
 * Throws `not-found`.
 */
export async function fitted(
  generation: Generation,
  { provider, models }: TeacherSettings,
  home: string,
): Promise<Generation> {
  if (provider !== "builtin") return generation;
  const model = models[0] ?? "";
  const folder = findModelFolder(model, { home });
  if (folder === null) throw modelNotFound(model, { home });
  const { config, generationConfig } = await readModelFiles(folder, { home });
  const room = readModelConfig(config, generationConfig).contextLength ?? roomy;
  if (room >= roomy) return generation;
  // A prompt may hold a draft and its critique; an answer is as long as a draft.
  const max_tokens = Math.min(generation.max_tokens, Math.max(1, Math.floor(room / 8)));
  return { ...generation, templates: "small-1", max_tokens };
}
