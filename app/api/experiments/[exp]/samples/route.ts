import { readSamples } from "#lib/server/experiments.ts";
import { route } from "#lib/server/http.ts";

export const GET = route<{ exp: string }>(async ({ instance, params, query }) =>
  Response.json(await readSamples(instance, params.exp, query.get("trait") ?? "", query.get("path") ?? "")),
);
