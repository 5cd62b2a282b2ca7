import { AppError } from "#lib/core/errors.ts";
import type { JudgeLimits, JudgeTransport } from "#lib/judge/contract.ts";
import { createOpenAiTransport } from "#lib/judge/openai-transport.ts";
import { systemPorts } from "#lib/judge/ports.ts";
import type { JudgeForRun, RunEngines } from "#lib/pipeline/ports.ts";
import type { Teacher } from "#lib/teacher/contract.ts";
import type { TeacherSettings } from "#lib/teacher/settings.ts";
import { createTeacher, type TeacherOptions } from "#lib/teacher/teacher.ts";
import type { ModelPlaces } from "./engine/model-folder.ts";
import type { JudgeKeys } from "./judge-keys.ts";
import { readJudgeModel } from "./judge-model.ts";
import { openBuiltin } from "./judges.ts";

export interface TeachersOptions {
  engines: RunEngines;
  places: ModelPlaces;
  keys: Pick<JudgeKeys, "keyFor">;
}

/** For whom a teacher works: where lent batches are found, and who hears of them. */
export type TeacherWork = Pick<JudgeForRun, "runId" | "signal" | "onProgress" | "onWork"> & {
  role?: "teacher" | "writer";
};

/** Opening loads nothing and sends nothing; the signal ends what the teacher does. */
export interface Teachers {
  /** Throws `judge-key-missing`, `not-found` (installed model), `usage` (address, a model that cannot chat). */
  open(settings: TeacherSettings, work: TeacherWork): Promise<Teacher>;
}

export function createTeachers({ engines, places, keys }: TeachersOptions): Teachers {
  return {
    async open(settings, { role = "teacher", ...work }) {
      const { provider, models, device } = settings;
      const common = { limits: limitsOf(settings), ports: systemPorts(), signal: work.signal };
      if (provider !== "builtin") {
        const apiKey = await keys.keyFor(provider);
        const timeoutMs = settings.timeout_seconds * 1000;
        const transports = models.map((model) =>
          createOpenAiTransport({ baseUrl: provider, apiKey, model, timeoutMs, role }),
        );
        return createTeacher({ provider: new URL(provider).host, transports: some(transports), ...common });
      }
      const transports = await Promise.all(
        models.map(async (model) =>
          openBuiltin(
            { model, device, role, ...work },
            await readJudgeModel(model, places, "write"),
            engines,
          ),
        ),
      );
      return createTeacher({ provider, transports: some(transports), ...common });
    },
  };
}

function limitsOf(settings: TeacherSettings): JudgeLimits {
  const { workers, rpm, max_attempts, max_cost_usd } = settings;
  return {
    concurrency: workers,
    maxAttempts: max_attempts,
    ...(rpm === null ? {} : { rpm }),
    ...(max_cost_usd === null ? {} : { maxCostUsd: max_cost_usd }),
  };
}

function some(transports: readonly JudgeTransport[]): TeacherOptions["transports"] {
  const [first, ...others] = transports;
  if (first) return [first, ...others];
  throw new AppError("usage", "name at least one model");
}
