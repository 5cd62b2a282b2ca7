import { bytesOf, route } from "#lib/server/http.ts";
import { importVectors, readVectorFiles } from "#lib/server/vectors/files.ts";
import { ownVectorsPorts, requiredLayer } from "#lib/server/vectors/query.ts";

/** `?trait=&name=&file=[&layer=]`, the file's bytes as the body: puts its vectors beside a trait's. */
export const POST = route<{ exp: string }>(async ({ instance, params, query, request }) => {
  const file = { name: query.get("file") ?? "file", bytes: await bytesOf(request) };
  const vectors = await readVectorFiles([file], query.has("layer") ? requiredLayer(query) : undefined);
  const target = {
    experiment: params.exp,
    trait: query.get("trait") ?? "",
    name: query.get("name") ?? "",
  };
  return Response.json(await importVectors(ownVectorsPorts(instance), target, vectors));
});
