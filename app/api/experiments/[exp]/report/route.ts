import { AppError } from "#lib/core/errors.ts";
import { reportHtml } from "#lib/pipeline/report/html.ts";
import { route } from "#lib/server/http.ts";
import { readReport } from "#lib/server/report.ts";

/** `?format=`: `md` (by default), `json` (the document the page shows) or `html` (one file that can be printed). */
export const GET = route<{ exp: string }>(async ({ instance, params, query }) => {
  const { document, markdown } = await readReport(instance.artifacts, params.exp, instance.home);
  const format = query.get("format") ?? "md";
  if (format === "json") return Response.json(document);
  if (format === "md") return file(markdown, "text/plain", `${document.experiment}-report.md`);
  if (format === "html") return file(reportHtml(document), "text/html", `${document.experiment}-report.html`);
  throw new AppError("usage", `format ${JSON.stringify(format)} is not known: write md, html or json`);
});

function file(text: string, type: string, name: string): Response {
  return new Response(text, {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-disposition": `inline; filename="${name}"`,
    },
  });
}
