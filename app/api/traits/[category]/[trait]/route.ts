import { bodyOf, route } from "#lib/server/http.ts";
import { saveTraitSchema } from "#lib/traits/api.ts";

type Place = { category: string; trait: string };

export const GET = route<Place>(async ({ instance, params: { category, trait } }) =>
  Response.json(await instance.traits.read(`${category}/${trait}`)),
);

export const PUT = route<Place>(async ({ instance, request, params: { category, trait } }) => {
  const save = await bodyOf(request, saveTraitSchema);
  return Response.json(await instance.traits.save(`${category}/${trait}`, save));
});

export const DELETE = route<Place>(async ({ instance, params: { category, trait } }) =>
  Response.json({ id: await instance.traitBin.remove(`${category}/${trait}`) }),
);
