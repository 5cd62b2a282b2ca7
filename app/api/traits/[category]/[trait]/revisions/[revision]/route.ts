import { route } from "#lib/server/http.ts";

export const GET = route<{ category: string; trait: string; revision: string }>(
  async ({ instance, params: { category, trait, revision } }) =>
    Response.json(await instance.traits.revision(`${category}/${trait}`, Number(revision))),
);
