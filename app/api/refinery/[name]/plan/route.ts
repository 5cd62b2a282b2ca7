import { refineryPlanSchema } from "#lib/refinery/api.ts";
import { bodyOf, route } from "#lib/server/http.ts";

export const POST = route<{ name: string }>(async ({ instance, request, params }) => {
  const { request: wish } = await bodyOf(request, refineryPlanSchema);
  return Response.json(await instance.refinery.plan(params.name, wish));
});
