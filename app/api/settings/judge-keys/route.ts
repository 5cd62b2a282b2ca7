import { z } from "zod";
import { bodyOf, route } from "#lib/server/http.ts";

const change = z.object({ endpoint: z.string(), key: z.string().min(1).nullable() });

/** Which endpoints have a key and where it comes from; never a key. */
export const GET = route(async ({ instance }) =>
  Response.json({ keys: await instance.judgeKeys.describe() }),
);

export const PUT = route(async ({ instance, request }) => {
  const { endpoint, key } = await bodyOf(request, change);
  await instance.judgeKeys.setKey(endpoint, key);
  return Response.json({ keys: await instance.judgeKeys.describe() });
});
