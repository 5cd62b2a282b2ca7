import { previewRequestSchema } from "#lib/caa/api.ts";
import { CaaDatasets } from "#lib/server/caa/datasets.ts";
import { bodyOf, route } from "#lib/server/http.ts";

export const POST = route(async ({ instance, request }) =>
  Response.json(await new CaaDatasets(instance).preview(await bodyOf(request, previewRequestSchema))),
);
