import { route } from "#lib/server/http.ts";

export const DELETE = route<{ name: string }>(async ({ instance, params }) => {
  await instance.access.remove(params.name);
  return Response.json({});
});
