import { kindOf } from "#lib/server/builds/kinds.ts";
import { route } from "#lib/server/http.ts";

export const GET = route<{ kind: string; name: string }>(async ({ instance, params }) =>
  Response.json({ files: await instance.buildFolders.files(kindOf(params.kind), params.name) }),
);
