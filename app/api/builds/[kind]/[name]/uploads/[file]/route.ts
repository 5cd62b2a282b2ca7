import { uploadPartSchema, uploadSourceSchema } from "#lib/builds/api.ts";
import { kindOf } from "#lib/server/builds/kinds.ts";
import { bytesOf, route } from "#lib/server/http.ts";

type Place = { kind: string; name: string; file: string };

export const POST = route<Place>(async ({ instance, query, params: { kind, name, file } }) => {
  const source = uploadSourceSchema.parse(Object.fromEntries(query));
  return Response.json(await instance.buildUploads.begin(kindOf(kind), name, file, source));
});

export const PUT = route<Place>(async ({ instance, request, query, params: { kind, name, file } }) => {
  const part = uploadPartSchema.parse(Object.fromEntries(query));
  const data = await bytesOf(request);
  return Response.json(await instance.buildUploads.part(kindOf(kind), name, file, part, data));
});
