import { route } from "#lib/server/http.ts";

export const GET = route<{ name: string }>(
  async ({ instance, params }) =>
    new Response(await instance.refinery.pairs(params.name), {
      headers: {
        "content-type": "application/jsonl; charset=utf-8",
        "content-disposition": 'attachment; filename="pairs.jsonl"',
      },
    }),
);
