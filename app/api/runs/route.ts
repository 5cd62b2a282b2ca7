import { runRequestSchema } from "#lib/pipeline/api.ts";
import { bodyOf, route } from "#lib/server/http.ts";

const LISTED = 50;

export const GET = route(async ({ instance }) =>
  Response.json({ runs: await instance.runs.list({ limit: LISTED }) }),
);

export const POST = route(async ({ instance, request }) => {
  const run = await instance.runs.start(await bodyOf(request, runRequestSchema));
  return Response.json({ run_id: run.id }, { status: 201 });
});
