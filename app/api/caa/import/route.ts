import { importForExtractionSchema } from "#lib/caa/api.ts";
import { readCaaFile } from "#lib/caa/layouts/file.ts";
import { makeExtraction } from "#lib/server/caa/extraction.ts";
import { bodyOf, route } from "#lib/server/http.ts";

export const POST = route(async ({ instance, request }) => {
  const { text, personality, ...wish } = await bodyOf(request, importForExtractionSchema);
  const data = readCaaFile(text, wish.file);
  return Response.json(await makeExtraction(instance, data, personality, wish), { status: 201 });
});
