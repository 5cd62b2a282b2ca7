import { route } from "#lib/server/http.ts";
import { compareVectors } from "#lib/server/vectors/compare.ts";
import { vectorChoice } from "#lib/server/vectors/query.ts";
import { openVectorRef, parseVectorRef } from "#lib/server/vectors/refs.ts";

/** `?trait=&method=&with=experiment/category/trait/method`: two methods' vectors, layer by layer. */
export const GET = route<{ exp: string }>(async ({ instance, params, query }) => {
  const { artifacts, home } = instance;
  const a = await openVectorRef(artifacts, { home }, vectorChoice(params.exp, query));
  const b = await openVectorRef(artifacts, { home }, parseVectorRef(query.get("with") ?? ""));
  return Response.json(await compareVectors(artifacts, a, b));
});
