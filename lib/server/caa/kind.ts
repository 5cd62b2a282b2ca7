import { type CaaRequest, caaRequestSchema } from "#lib/caa/request.ts";
import type { BuildKind } from "../builds/kinds.ts";
import { runCaa } from "./run.ts";
import { tableEnds } from "./sources/tables.ts";

/** The CAA builder as a job of the server: files are those that a page uploaded into the build's folder. */
export const caaKind: BuildKind<CaaRequest> = {
  schema: caaRequestSchema,
  uploads: tableEnds.map((end) => `scenarios.${end}`),
  teacherOf: ({ teacher }) => teacher,
  run: (request, ports, places) => runCaa(request, ports, { ...places, anyFile: false }),
};
