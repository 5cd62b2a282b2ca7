import { runRequestSchema } from "#lib/pipeline/api.ts";
import { bodyOf, route } from "#lib/server/http.ts";

export const POST = route<{ exp: string }>(async ({ instance, request, params }) => {
  const run = await bodyOf(request, runRequestSchema.omit({ experiment: true }));
  const { plan, command, estimated_seconds } = await instance.runs.plan({ ...run, experiment: params.exp });
  return Response.json({ plan, command, estimated_seconds });
});
