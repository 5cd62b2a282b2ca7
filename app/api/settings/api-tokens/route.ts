import { z } from "zod";
import { presetNameSchema } from "#lib/chat/presets.ts";
import { bodyOf, route } from "#lib/server/http.ts";

/** Names only; a token is told once, to whoever makes it. */
export const GET = route(async ({ instance }) => Response.json({ tokens: await instance.access.list() }));

export const POST = route(async ({ instance, request }) => {
  const { name } = await bodyOf(request, z.object({ name: presetNameSchema }));
  return Response.json({ name, token: await instance.access.create(name) }, { status: 201 });
});
