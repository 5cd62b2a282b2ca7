import { refineryRetrySchema } from "#lib/refinery/api.ts";
import { bodyOf, route } from "#lib/server/http.ts";

export const POST = route<{ name: string }>(async ({ instance, request, params }) => {
  const { ids } = await bodyOf(request, refineryRetrySchema);
  return Response.json(await instance.refinery.retry(params.name, ids));
});
