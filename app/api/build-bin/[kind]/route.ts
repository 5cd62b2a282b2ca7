import { kindOf } from "#lib/server/builds/kinds.ts";
import { route } from "#lib/server/http.ts";

export const GET = route<{ kind: string }>(async ({ instance, params }) =>
  Response.json({ deleted: await instance.buildBin.list(kindOf(params.kind)) }),
);
