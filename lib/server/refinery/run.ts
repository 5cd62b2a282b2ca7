import { stat } from "node:fs/promises";
import path from "node:path";
import type { BuildPorts } from "#lib/builds/ports.ts";
import { AppError } from "#lib/core/errors.ts";
import type { TokenPrice } from "#lib/judge/contract.ts";
import { knownPrice } from "#lib/judge/prices.ts";
import type { RefineryEstimate } from "#lib/refinery/api.ts";
import { buildRefinery, type RefineryResult } from "#lib/refinery/build.ts";
import { estimateRefinery } from "#lib/refinery/estimate.ts";
import type { GivenFile, RefineryInputs } from "#lib/refinery/inputs.ts";
import type { RefineryRequest } from "#lib/refinery/request.ts";
import type { TeacherSettings } from "#lib/teacher/settings.ts";
import type { BuildPlaces } from "../builds/kinds.ts";
import { openLineFile } from "../builds/line-file.ts";
import { openOutput } from "../builds/output.ts";
import { fitted } from "./room.ts";

export type RefineryPlaces = Pick<BuildPlaces, "home" | "folder">;

/** Builds into the folder of `places`; the request's files are absolute or relative to it. */
export async function runRefinery(
  request: RefineryRequest,
  ports: BuildPorts,
  { home, folder }: RefineryPlaces,
): Promise<RefineryResult> {
  const generation = await fitted(request.generation, request.teacher, home);
  if (generation.templates !== request.generation.templates) {
    ports.progress.notice(
      `${request.teacher.models[0]} reads few tokens: it is asked in short templates, for answers of ${generation.max_tokens} tokens`,
    );
  }
  return buildRefinery({ ...request, generation }, await openInputs(request, folder), ports);
}

/** What `runRefinery` would do; asks nobody and writes nothing. */
export async function planRefinery(
  request: RefineryRequest,
  { home, folder }: RefineryPlaces,
): Promise<RefineryEstimate> {
  const price = priceOf(request.teacher);
  const generation = await fitted(request.generation, request.teacher, home);
  return estimateRefinery({ ...request, generation }, await openInputs(request, folder), {
    output: openOutput(folder),
    price,
  });
}

/** Of the model that is asked first; null where it is unknown. */
export function priceOf({ provider, models }: TeacherSettings): TokenPrice | null {
  return provider === "builtin" ? { prompt: 0, completion: 0 } : knownPrice(models[0] ?? "");
}

/** Throws `not-found` for a file that is not there. */
export async function openInputs(
  { plan, drafts, critiques }: RefineryRequest,
  folder: string,
): Promise<RefineryInputs> {
  const open = async (name: string | null): Promise<GivenFile | null> => {
    if (name === null) return null;
    const located = path.resolve(folder, name);
    const relative = path.relative(folder, located).split(path.sep).join("/");
    return { path: relative, file: await openGiven(located, path.isAbsolute(name) ? located : relative) };
  };
  return { plan: await open(plan), drafts: await open(drafts), critiques: await open(critiques) };
}

/** Opens a file that has to be there. Throws `not-found`, `invalid-file` (a folder). */
export async function openGiven(located: string, name = located) {
  const found = await stat(located).catch(() => null);
  if (!found) throw new AppError("not-found", `${name} is not there: check the path`);
  if (!found.isFile()) throw new AppError("invalid-file", `${name} is no file: name a JSON Lines file`);
  return openLineFile(located, name);
}
