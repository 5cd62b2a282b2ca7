import { labelRequestSchema } from "#lib/pipeline/vetting-api.ts";
import { bodyOf, route } from "#lib/server/http.ts";
import { labelTexts, readVetting } from "#lib/server/vetting.ts";

type Place = { exp: string; category: string; trait: string };

export const GET = route<Place>(async ({ instance, params: { exp, category, trait } }) =>
  Response.json(await readVetting(instance.artifacts, exp, `${category}/${trait}`)),
);

export const POST = route<Place>(async ({ instance, request, params: { exp, category, trait } }) =>
  Response.json(
    await labelTexts(
      instance.artifacts,
      exp,
      `${category}/${trait}`,
      await bodyOf(request, labelRequestSchema),
    ),
  ),
);
