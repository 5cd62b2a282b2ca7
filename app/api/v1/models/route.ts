import { endpoint } from "#lib/server/chat/endpoint.ts";

export const dynamic = "force-dynamic";

export const GET = endpoint(async ({ instance }) => Response.json(await instance.chat.models()));
