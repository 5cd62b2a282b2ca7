import { route } from "#lib/server/http.ts";

export const POST = route<{ lease: string }>(async ({ instance, request, params }) =>
  Response.json({ state: await instance.lending.beat(params.lease, request.signal) }),
);
