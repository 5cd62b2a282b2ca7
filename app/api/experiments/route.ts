import { newExperimentSchema } from "#lib/pipeline/api.ts";
import { createExperiment, listExperiments } from "#lib/server/experiments.ts";
import { bodyOf, route } from "#lib/server/http.ts";

export const GET = route(async ({ instance }) =>
  Response.json({ experiments: await listExperiments(instance) }),
);

export const POST = route(async ({ instance, request }) => {
  const { name, config } = await bodyOf(request, newExperimentSchema);
  await createExperiment(instance, name, config);
  return Response.json({ name }, { status: 201 });
});
