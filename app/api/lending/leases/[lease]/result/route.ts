import { route } from "#lib/server/http.ts";

export const POST = route<{ lease: string }>(async ({ instance, request, params }) => {
  instance.lending.complete(params.lease, await request.bytes());
  return Response.json({});
});
