import { describeExperiment } from "#lib/server/experiments.ts";
import { route } from "#lib/server/http.ts";

export const GET = route<{ exp: string }>(async ({ instance, params }) =>
  Response.json(await describeExperiment(instance, params.exp)),
);
