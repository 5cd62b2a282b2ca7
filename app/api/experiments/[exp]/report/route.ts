import { readReport } from "#lib/server/experiments.ts";
import { route } from "#lib/server/http.ts";

export const GET = route<{ exp: string }>(
  async ({ instance, params }) =>
    new Response(await readReport(instance, params.exp), {
      headers: { "content-type": "text/plain; charset=utf-8" },
    }),
);
