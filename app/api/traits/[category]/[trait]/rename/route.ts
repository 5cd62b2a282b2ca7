import { bodyOf, route } from "#lib/server/http.ts";
import { renameTraitSchema } from "#lib/traits/api.ts";

export const POST = route<{ category: string; trait: string }>(
  async ({ instance, request, params: { category, trait } }) => {
    const { to } = await bodyOf(request, renameTraitSchema);
    await instance.traitBin.rename(`${category}/${trait}`, to);
    return Response.json({ trait: to });
  },
);
