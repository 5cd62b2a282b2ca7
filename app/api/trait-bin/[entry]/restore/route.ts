import { bodyOf, route } from "#lib/server/http.ts";
import { restoreDeletedSchema } from "#lib/traits/api.ts";

export const POST = route<{ entry: string }>(async ({ instance, request, params }) => {
  const { to } = await bodyOf(request, restoreDeletedSchema);
  return Response.json({ trait: await instance.traitBin.restore(params.entry, to) });
});
