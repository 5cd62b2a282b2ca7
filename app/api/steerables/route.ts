import { listSteerables } from "#lib/server/chat/steerables.ts";
import { route } from "#lib/server/http.ts";

export const dynamic = "force-dynamic";

export const GET = route(async ({ instance }) => Response.json(await listSteerables(instance)));
