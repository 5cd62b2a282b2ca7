import { route } from "#lib/server/http.ts";

export const GET = route<{ name: string }>(async ({ instance, params, query }) =>
  Response.json(await instance.refinery.detail(params.name, query.get("id") ?? "")),
);
