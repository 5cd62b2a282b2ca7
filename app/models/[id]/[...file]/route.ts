import { modelFileResponse } from "#lib/server/engine/model-listing.ts";
import { route } from "#lib/server/http.ts";

// The bundled models lie in public/ and are served before this route is asked.
export const GET = route<{ id: string; file: string[] }>(async ({ instance, request, params }) =>
  modelFileResponse(
    decodeURIComponent(params.id),
    params.file.map(decodeURIComponent).join("/"),
    request.headers.get("range"),
    { home: instance.home },
  ),
);
