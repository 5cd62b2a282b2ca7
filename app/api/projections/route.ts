import { projectionRequestSchema } from "#lib/chat/api.ts";
import { projectTexts } from "#lib/server/chat/projections.ts";
import { bodyOf, route } from "#lib/server/http.ts";

export const POST = route(async ({ instance, request }) => {
  const { artifacts, home, ports } = instance;
  const wanted = await bodyOf(request, projectionRequestSchema);
  return Response.json(
    await projectTexts({ artifacts, home, engines: ports.engines }, wanted, request.signal),
  );
});
