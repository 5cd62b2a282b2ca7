import { listExperiments } from "#lib/server/experiments.ts";
import { route } from "#lib/server/http.ts";

export const GET = route(async ({ instance }) =>
  Response.json({ experiments: await listExperiments(instance) }),
);
