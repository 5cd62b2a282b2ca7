import { useForExtractionSchema } from "#lib/caa/extraction.ts";
import { CaaDatasets } from "#lib/server/caa/datasets.ts";
import { bodyOf, route } from "#lib/server/http.ts";

export const POST = route<{ build: string }>(async ({ instance, request, params }) => {
  const wish = await bodyOf(request, useForExtractionSchema);
  return Response.json(await new CaaDatasets(instance).extraction(params.build, wish), { status: 201 });
});
