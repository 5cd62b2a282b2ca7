import { route } from "#lib/server/http.ts";

export const GET = route<{ id: string }>(async ({ instance, params }) =>
  Response.json(await instance.runs.get(params.id)),
);
