import { kindOf } from "#lib/server/builds/kinds.ts";
import { fileResponse, route } from "#lib/server/http.ts";

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
