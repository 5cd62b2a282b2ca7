import { route } from "#lib/server/http.ts";

export const GET = route(async ({ instance }) => Response.json({ inputs: await instance.refinery.inputs() }));
