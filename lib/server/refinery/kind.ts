import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { producedFiles } from "#lib/refinery/output-files.ts";
import { type RefineryRequest, refineryRequestSchema } from "#lib/refinery/request.ts";
import type { BuildKind, BuildPlaces } from "../builds/kinds.ts";
import { runRefinery } from "./run.ts";

/** The Refinery as jobs of the server: their inputs lie in `datasets/`. */
export const refineryKind: BuildKind<RefineryRequest> = {
  schema: refineryRequestSchema,
  uploads: Object.values(producedFiles),
  teacherOf: ({ teacher }) => teacher,
  reads: givenFiles,
  run(request, ports, places) {
    checkInputs(request, places);
    return runRefinery({ ...request, resume: true }, ports, places);
  },
};

/** Throws `forbidden` for a file outside the home's datasets: what a page asks for is read from there alone. */
export function checkInputs(
  request: Pick<RefineryRequest, "plan" | "drafts" | "critiques">,
  { home, folder }: Pick<BuildPlaces, "home" | "folder">,
): void {
  const root = path.join(home, "datasets") + path.sep;
  for (const file of givenFiles(request)) {
    if (path.resolve(folder, file).startsWith(root)) continue;
    throw new AppError("forbidden", `${file} lies outside datasets/: upload it, or put it there`);
  }
}

function givenFiles({ plan, drafts, critiques }: Pick<RefineryRequest, "plan" | "drafts" | "critiques">) {
  return [plan, drafts, critiques].filter((file) => file !== null);
}
