import { route } from "#lib/server/http.ts";

export const GET = route<{ category: string; trait: string }>(
  async ({ instance, params: { category, trait } }) =>
    Response.json({ revisions: await instance.traits.revisions(`${category}/${trait}`) }),
);
