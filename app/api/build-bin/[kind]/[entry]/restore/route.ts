import { restoreBuildSchema } from "#lib/builds/api.ts";
import { kindOf } from "#lib/server/builds/kinds.ts";
import { bodyOf, route } from "#lib/server/http.ts";

export const POST = route<{ kind: string; entry: string }>(async ({ instance, request, params }) => {
  const { to } = await bodyOf(request, restoreBuildSchema);
  return Response.json({ name: await instance.buildBin.restore(kindOf(params.kind), params.entry, to) });
});
