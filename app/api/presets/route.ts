import { newPresetSchema } from "#lib/chat/presets.ts";
import { bodyOf, route } from "#lib/server/http.ts";

export const GET = route(async ({ instance }) => Response.json({ presets: await instance.presets.list() }));

export const POST = route(async ({ instance, request }) =>
  Response.json(await instance.presets.save(await bodyOf(request, newPresetSchema)), { status: 201 }),
);
