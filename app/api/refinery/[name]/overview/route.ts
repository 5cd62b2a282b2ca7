import { route } from "#lib/server/http.ts";

export const GET = route<{ name: string }>(async ({ instance, params }) =>
  Response.json(await instance.refinery.overview(params.name)),
);
