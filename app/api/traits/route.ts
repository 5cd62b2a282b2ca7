import { bodyOf, route } from "#lib/server/http.ts";
import { createTraitSchema } from "#lib/traits/api.ts";

export const GET = route(async ({ instance }) =>
  Response.json({ traits: await instance.traitOverviews.list() }),
);

export const POST = route(async ({ instance, request }) => {
  const { trait, texts, kind } = await bodyOf(request, createTraitSchema);
  return Response.json(await instance.traits.create(trait, texts, { kind }), { status: 201 });
});
