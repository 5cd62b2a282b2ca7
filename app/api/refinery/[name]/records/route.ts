import { z } from "zod";
import { refineryFilterSchema } from "#lib/refinery/api.ts";
import { route } from "#lib/server/http.ts";

const pageSchema = z.coerce.number().int().min(0).max(1_000_000);

export const GET = route<{ name: string }>(async ({ instance, params, query }) => {
  const filter = refineryFilterSchema.parse(Object.fromEntries(query));
  return Response.json(
    await instance.refinery.rows(params.name, filter, pageSchema.parse(query.get("page") ?? 0)),
  );
});
