import { listModelFiles } from "#lib/server/engine/model-listing.ts";
import { route } from "#lib/server/http.ts";

export const GET = route<{ id: string }>(async ({ instance, params, query }) =>
  Response.json(
    await listModelFiles(decodeURIComponent(params.id), query.get("variant") ?? undefined, {
      home: instance.home,
    }),
  ),
);
