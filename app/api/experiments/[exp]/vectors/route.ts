import { AppError } from "#lib/core/errors.ts";
import { type VectorFormatName, vectorFormatNames } from "#lib/formats/vectors/format-names.ts";
import { route } from "#lib/server/http.ts";
import { describeExport, packExport } from "#lib/server/vectors/export.ts";
import { vectorChoice } from "#lib/server/vectors/query.ts";

/** `?trait=&method=&format=[&layers=]`: the files, several as a zip; with `about` what they are and how they are used. */
export const GET = route<{ exp: string }>(async ({ instance, params, query }) => {
  const choice = vectorChoice(params.exp, query);
  const format = formatOf(query.get("format"));
  if (query.has("about")) return Response.json(await describeExport(instance, choice, format));
  const { name, bytes } = await packExport(instance, choice, format);
  return new Response(bytes, {
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${name}"`,
    },
  });
});

function formatOf(name: string | null): VectorFormatName {
  const format = vectorFormatNames.find((known) => known === name);
  if (format) return format;
  throw new AppError(
    "usage",
    `format ${JSON.stringify(name)} is not known: write ${vectorFormatNames.join(", ")}`,
  );
}
