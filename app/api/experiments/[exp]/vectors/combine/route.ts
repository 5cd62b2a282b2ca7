import { combineRequestSchema } from "#lib/pipeline/vectors-api.ts";
import { bodyOf, route } from "#lib/server/http.ts";
import { combineVectors } from "#lib/server/vectors/combine.ts";
import { ownVectorsPorts } from "#lib/server/vectors/query.ts";

/** Makes vectors of others and puts them beside a trait's. */
export const POST = route<{ exp: string }>(async ({ instance, params, request }) => {
  const { trait, name, ...recipe } = await bodyOf(request, combineRequestSchema);
  const target = { experiment: params.exp, trait, name };
  return Response.json(await combineVectors(ownVectorsPorts(instance), instance, target, recipe));
});
