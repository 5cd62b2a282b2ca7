import { route } from "#lib/server/http.ts";

export const POST = route<{ name: string }>(async ({ instance, params }) =>
  Response.json(await instance.refinery.rest(params.name)),
);
