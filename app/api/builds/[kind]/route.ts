import { newBuildSchema } from "#lib/builds/api.ts";
import { kindOf } from "#lib/server/builds/kinds.ts";
import { bodyOf, route } from "#lib/server/http.ts";

export const GET = route<{ kind: string }>(async ({ instance, params }) =>
  Response.json({ builds: await instance.builds.list(kindOf(params.kind)) }),
);

export const POST = route<{ kind: string }>(async ({ instance, request, params }) => {
  const { name, request: wish } = await bodyOf(request, newBuildSchema);
  return Response.json(await instance.builds.create(kindOf(params.kind), name, wish), { status: 201 });
});
