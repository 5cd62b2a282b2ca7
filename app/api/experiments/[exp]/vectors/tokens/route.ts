import { route } from "#lib/server/http.ts";
import { requiredLayer, vectorChoice } from "#lib/server/vectors/query.ts";
import { readTokenView } from "#lib/server/vectors/token-view.ts";

export const GET = route<{ exp: string }>(async ({ instance, request, params, query }) => {
  const { artifacts, ports } = instance;
  const { layers: _, ...choice } = vectorChoice(params.exp, query);
  const wanted = {
    ...choice,
    layer: requiredLayer(query),
    from: Math.max(0, Number(query.get("from")) || 0),
  };
  return Response.json(await readTokenView({ artifacts, engines: ports.engines }, wanted, request.signal));
});
