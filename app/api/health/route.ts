import { route } from "#lib/server/http.ts";

export const GET = route(async ({ instance }) =>
  Response.json({ tiller: instance.version, home: instance.home, pid: process.pid }),
);
