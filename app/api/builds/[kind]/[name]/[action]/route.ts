import { z } from "zod";
import { buildActions } from "#lib/builds/api.ts";
import { kindOf } from "#lib/server/builds/kinds.ts";
import { route } from "#lib/server/http.ts";

export const POST = route<{ kind: string; name: string; action: string }>(async ({ instance, params }) => {
  const action = z.enum(buildActions).parse(params.action);
  return Response.json(await instance.builds.act(kindOf(params.kind), params.name, action));
});
