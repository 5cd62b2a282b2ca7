import { route } from "#lib/server/http.ts";
import { readVectorDetail } from "#lib/server/vectors/detail.ts";
import { requiredLayer, vectorChoice } from "#lib/server/vectors/query.ts";

/** `?trait=&method=&layer=[&position=&component=]`: the vector beside the activations of its layer. */
export const GET = route<{ exp: string }>(async ({ instance, params, query }) =>
  Response.json(
    await readVectorDetail(instance.artifacts, {
      ...vectorChoice(params.exp, query),
      layer: requiredLayer(query),
    }),
  ),
);
