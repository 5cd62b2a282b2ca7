import { convertedQuerySchema } from "#lib/caa/api.ts";
import { CaaDatasets } from "#lib/server/caa/datasets.ts";
import { route } from "#lib/server/http.ts";

export const GET = route<{ build: string }>(async ({ instance, params, query }) => {
  const { file, to } = convertedQuerySchema.parse(Object.fromEntries(query));
  const { name, text } = await new CaaDatasets(instance).converted(params.build, file, to);
  return new Response(text, {
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${name}"`,
    },
  });
});
