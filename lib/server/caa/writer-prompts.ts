import { type WriterPrompts, writerPrompts } from "#lib/caa/persona-prompts.ts";
import { AppError } from "#lib/core/errors.ts";
import { readTillerFile } from "#lib/engine/model-config.ts";
import type { TeacherSettings } from "#lib/teacher/settings.ts";
import { readModelFiles } from "../engine/model-files.ts";
import { findModelFolder, modelNotFound } from "../engine/model-folder.ts";

/** The prompts that a teacher's first model is asked in. Throws `not-found`, and `invalid-file` for a set that is none. */
export async function writerPromptsOf(
  { provider, models }: TeacherSettings,
  home: string,
): Promise<WriterPrompts> {
  const model = models[0] ?? "";
  if (provider !== "builtin") return "p2-1";
  const folder = findModelFolder(model, { home });
  if (folder === null) throw modelNotFound(model, { home });
  const wanted = readTillerFile((await readModelFiles(folder, { home })).tiller).writer?.prompts ?? "p2-1";
  const known = writerPrompts.find((set) => set === wanted);
  if (known) return known;
  throw new AppError(
    "invalid-file",
    `model ${model}: tiller.json names the writer's prompts ${JSON.stringify(wanted)}: ${writerPrompts.join(" and ")} are known`,
  );
}
