import { kindOf } from "#lib/server/builds/kinds.ts";
import { route } from "#lib/server/http.ts";

export const GET = route<{ kind: string; name: string }>(async ({ instance, params }) =>
  Response.json(await instance.builds.get(kindOf(params.kind), params.name)),
);

export const DELETE = route<{ kind: string; name: string }>(async ({ instance, params }) =>
  Response.json({ id: await instance.buildBin.remove(kindOf(params.kind), params.name) }),
);
