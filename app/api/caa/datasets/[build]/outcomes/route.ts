import { outcomesQuerySchema } from "#lib/caa/api.ts";
import { CaaDatasets } from "#lib/server/caa/datasets.ts";
import { route } from "#lib/server/http.ts";

export const GET = route<{ build: string }>(async ({ instance, request, params, query }) => {
  const wanted = outcomesQuerySchema.parse(Object.fromEntries(query));
  return Response.json(await new CaaDatasets(instance).outcomes(params.build, wanted, request.signal));
});
