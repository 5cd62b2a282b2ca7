import { z } from "zod";
import { bodyOf, route } from "#lib/server/http.ts";

const change = z.object({ token: z.string().trim().min(1).nullable() });

/** Where the token for the Hugging Face Hub comes from; never the token. */
export const GET = route(async ({ instance }) =>
  Response.json({ token: await instance.hubToken.describe() }),
);

export const PUT = route(async ({ instance, request }) => {
  await instance.hubToken.set((await bodyOf(request, change)).token);
  return Response.json({ token: await instance.hubToken.describe() });
});
