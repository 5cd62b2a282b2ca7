import { newExperimentSchema } from "#lib/pipeline/api.ts";
import { changeConfig, describeExperiment } from "#lib/server/experiments.ts";
import { bodyOf, route } from "#lib/server/http.ts";

export const GET = route<{ exp: string }>(async ({ instance, params }) =>
  Response.json(await describeExperiment(instance, params.exp)),
);

export const PATCH = route<{ exp: string }>(async ({ instance, request, params }) => {
  const { config } = await bodyOf(request, newExperimentSchema.pick({ config: true }));
  await changeConfig(instance, params.exp, config);
  return Response.json({ name: params.exp });
});
