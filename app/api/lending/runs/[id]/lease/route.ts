import { leaseRequestSchema } from "#lib/engine/lending/messages.ts";
import { bodyOf, route } from "#lib/server/http.ts";

export const POST = route<{ id: string }>(async ({ instance, request, params }) => {
  const wish = await bodyOf(request, leaseRequestSchema);
  return new Response(await instance.lending.lease(params.id, wish, request.signal), {
    headers: { "content-type": "application/octet-stream", "cache-control": "no-store" },
  });
});
