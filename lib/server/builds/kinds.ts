import type { z } from "zod";
import { type BuildKindName, buildKinds } from "#lib/builds/api.ts";
import type { BuildPorts } from "#lib/builds/ports.ts";
import { AppError } from "#lib/core/errors.ts";
import type { TeacherSettings } from "#lib/teacher/settings.ts";

/** Where a builder finds what is not in its output folder. */
export interface BuildPlaces {
  home: string;
  /** Absolute: the folder that is written. */
  folder: string;
  /** For the Hugging Face Hub; undefined: there is none. */
  hubToken(): Promise<string | undefined>;
}

/** One of the dataset builders, as jobs of the server know it. */
export interface BuildKind<Request = unknown> {
  schema: z.ZodType<Request>;
  /** Files that a page may put into a build's folder before it begins. */
  uploads: readonly string[];
  teacherOf(request: Request): TeacherSettings;
  /** Files of other folders that a build reads while it runs, absolute or relative to its folder. */
  reads?(request: Request): string[];
  /** Works until all is done. Called again after a stop or a kill, it goes on. */
  run(request: Request, ports: BuildPorts, places: BuildPlaces): Promise<unknown>;
}

export type BuildKinds = Partial<Record<BuildKindName, BuildKind>>;

/** A kind among others: its request's type is known to itself alone. */
export function buildKind<Request>(kind: BuildKind<Request>): BuildKind {
  return {
    ...kind,
    teacherOf: (request) => kind.teacherOf(kind.schema.parse(request)),
    reads: (request) => kind.reads?.(kind.schema.parse(request)) ?? [],
    run: (request, ports, places) => kind.run(kind.schema.parse(request), ports, places),
  };
}

/** A path's segment as a kind. Throws `not-found`. */
export function kindOf(segment: string): BuildKindName {
  const kind = buildKinds.find((name) => name === segment);
  if (kind) return kind;
  throw new AppError("not-found", `no builder ${JSON.stringify(segment)}: ${buildKinds.join(", ")}`);
}
