import type { WriterSettings } from "#lib/authoring/api.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Teacher } from "#lib/teacher/contract.ts";
import { teacherSettingsSchema } from "#lib/teacher/settings.ts";
import type { ModelPlaces } from "../engine/model-folder.ts";
import { readJudgeModel } from "../judge-model.ts";
import type { Teachers } from "../teachers.ts";

/** Opening loads nothing and sends nothing; the signal ends what the writer does. */
export interface Writers {
  /** Throws `judge-key-missing`, `not-found` (installed model), `usage` (a model that cannot write). */
  open(settings: WriterSettings, signal: AbortSignal): Promise<Teacher>;
}

/** Somebody waits: a server that stays silent is given up sooner than in a build, but a page of text takes longer than a score. */
const limits = { workers: 4, max_attempts: 3, timeout_seconds: 300 };

export function createWriters(teachers: Teachers, places: ModelPlaces): Writers {
  return {
    async open({ judge, model }, signal) {
      if (judge === "builtin" && (await readJudgeModel(model, places)).promptSet === "builtin-1") {
        throw new AppError(
          "usage",
          `model ${model} can judge but not write: choose an installed instruct model, or an endpoint`,
        );
      }
      const settings = teacherSettingsSchema.parse({ ...limits, provider: judge, models: [model] });
      return teachers.open(settings, { runId: "authoring", role: "writer", signal });
    },
  };
}
