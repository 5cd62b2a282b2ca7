import { kindOf } from "#lib/server/builds/kinds.ts";
import { bytesOf, fileResponse, route } from "#lib/server/http.ts";

interface Params {
  [name: string]: string | string[];
  kind: string;
  name: string;
  file: string[];
}

export const GET = route<Params>(async ({ instance, params }) => {
  const file = params.file.map(decodeURIComponent).join("/");
  return fileResponse(await instance.buildFolders.file(kindOf(params.kind), params.name, file));
});

export const PUT = route<Params>(async ({ instance, request, params }) => {
  const file = params.file.map(decodeURIComponent).join("/");
  const data = await bytesOf(request);
  await instance.buildFolders.upload(kindOf(params.kind), params.name, file, data);
  return Response.json({});
});
