import { route } from "#lib/server/http.ts";
import { listVectors } from "#lib/server/vectors/list.ts";

/** Every method's vectors of every experiment. */
export const GET = route(async ({ instance }) =>
  Response.json({ vectors: await listVectors(instance.artifacts) }),
);
