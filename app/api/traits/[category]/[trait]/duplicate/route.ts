import { bodyOf, route } from "#lib/server/http.ts";
import { renameTraitSchema } from "#lib/traits/api.ts";

export const POST = route<{ category: string; trait: string }>(
  async ({ instance, request, params: { category, trait } }) => {
    const { to } = await bodyOf(request, renameTraitSchema);
    return Response.json(await instance.traits.duplicate(`${category}/${trait}`, to), { status: 201 });
  },
);
