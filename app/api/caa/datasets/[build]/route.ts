import { CaaDatasets } from "#lib/server/caa/datasets.ts";
import { route } from "#lib/server/http.ts";

export const GET = route<{ build: string }>(async ({ instance, params }) =>
  Response.json({ datasets: await new CaaDatasets(instance).list(params.build) }),
);
