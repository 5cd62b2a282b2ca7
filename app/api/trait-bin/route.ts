import { route } from "#lib/server/http.ts";

export const GET = route(async ({ instance }) => Response.json({ deleted: await instance.traitBin.list() }));
