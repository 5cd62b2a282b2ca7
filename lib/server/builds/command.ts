import { existsSync } from "node:fs";
import path from "node:path";
import type { BuildPorts } from "#lib/builds/ports.ts";
import type { ProgressTracker } from "#lib/builds/progress.ts";
import { AppError } from "#lib/core/errors.ts";
import { isLent } from "#lib/engine/run-device.ts";
import type { TeacherSettings } from "#lib/teacher/settings.ts";
import { openDatabase } from "../database/open.ts";
import { createSettingsRepository, type SettingsRepository } from "../database/settings.ts";
import { createNodeEngines } from "../engine/engines.ts";
import { createHubToken } from "../hub-token.ts";
import { createJudgeKeys } from "../judge-keys.ts";
import { LendingHub } from "../lending/hub.ts";
import { createRunEngines } from "../lending/run-engines.ts";
import { openLog } from "../log.ts";
import { projectRoot, workFolder } from "../paths.ts";
import { createTeachers } from "../teachers.ts";
import type { BuildPlaces } from "./kinds.ts";
import { lockOutput } from "./output.ts";

export interface CommandBuild {
  home: string;
  /** Absolute. */
  folder: string;
  /** `tiller caa build`: whom a second build on the folder finds there. */
  command: string;
  teacher: TeacherSettings;
  progress: ProgressTracker;
  signal: AbortSignal;
}

/**
 * A build of a command, in this process: it needs no database of its own, so that it runs beside a server.
 * Throws `locked` (the folder is being written), what opening the teacher throws, and what `work` throws.
 */
export async function buildInProcess<Result>(
  { home, folder, command, teacher: teacherSettings, progress, signal }: CommandBuild,
  work: (ports: BuildPorts, places: BuildPlaces) => Promise<Result>,
): Promise<Result> {
  if (teacherSettings.provider === "builtin" && isLent(teacherSettings.device)) {
    throw new AppError(
      "usage",
      `device ${teacherSettings.device} needs a page that lends its browser: start this build from the page, or choose cpu, cuda or webgpu`,
    );
  }
  const output = lockOutput(folder, command);
  const engines = createNodeEngines({ home });
  try {
    const now = () => new Date();
    const hub = new LendingHub({ now, randomId: () => "none" });
    const settings = storedSettings(home);
    const log = openLog(home);
    const keys = createJudgeKeys(settings, process.env, log);
    const hubToken = createHubToken(settings, process.env, log);
    const places = { home };
    const teachers = createTeachers({ engines: createRunEngines(engines, hub, places), places, keys });
    const onProgress = (said: string) => progress.notice(said);
    const teacher = await teachers.open(teacherSettings, { runId: command, signal, onProgress });
    return await work(
      { output, teacher, progress, now, signal },
      { home, folder, hubToken: () => hubToken.token() },
    );
  } finally {
    await engines.dispose();
    output.release();
  }
}

/** Reads the home's settings without keeping its database: none where there is none, or while a server has it. */
export function storedSettings(home: string): SettingsRepository {
  const folder = path.join(workFolder(home), "db");
  const refuse = () => Promise.reject(new AppError("internal", "a command changes no settings"));
  return {
    async get(key) {
      if (!process.env.DATABASE_URL && !existsSync(folder)) return undefined;
      try {
        const database = await openDatabase({
          home,
          command: "tiller",
          migrations: path.join(projectRoot(), "prisma/migrations"),
          ...(process.env.DATABASE_URL ? { databaseUrl: process.env.DATABASE_URL } : {}),
        });
        try {
          return await createSettingsRepository(database.prisma, () => new Date()).get(key);
        } finally {
          await database.close();
        }
      } catch (error) {
        if (AppError.from(error).code === "locked") return undefined;
        throw error;
      }
    },
    put: refuse,
    remove: refuse,
    describe: refuse,
  };
}
