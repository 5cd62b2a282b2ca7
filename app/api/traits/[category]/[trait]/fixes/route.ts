import { fixesRequestSchema } from "#lib/authoring/api.ts";
import { bodyOf, route } from "#lib/server/http.ts";

export const POST = route<{ category: string; trait: string }>(
  async ({ instance, request, params: { category, trait } }) => {
    const body = await bodyOf(request, fixesRequestSchema);
    return Response.json(await instance.authoring.fixes(`${category}/${trait}`, body, request.signal));
  },
);
