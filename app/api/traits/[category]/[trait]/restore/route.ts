import { bodyOf, route } from "#lib/server/http.ts";
import { restoreRevisionSchema } from "#lib/traits/api.ts";

export const POST = route<{ category: string; trait: string }>(
  async ({ instance, request, params: { category, trait } }) => {
    const { revision, base } = await bodyOf(request, restoreRevisionSchema);
    return Response.json(await instance.traits.restore(`${category}/${trait}`, revision, base));
  },
);
