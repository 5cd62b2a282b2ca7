// The HTTP surface without Next: the real route modules behind a plain Node server, on PORT or a free port of 127.0.0.1.
// `node lib/testing/api-server-main.ts` prints its address; the home is TILLER_HOME.
import { readdirSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { pathToFileURL } from "node:url";
import { AppError } from "#lib/core/errors.ts";
import { currentInstance } from "#lib/server/current.ts";
import { refusalOf } from "#lib/server/request-guard.ts";

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

const app = path.resolve("app");
const routes = readdirSync(app, { recursive: true, encoding: "utf8" })
  .filter((file) => path.basename(file) === "route.ts")
  .map((file) => ({ file, parts: path.dirname(file).split(path.sep) }))
  // A fixed name goes before a parameter.
  .sort((a, b) => a.parts.filter(isParameter).length - b.parts.filter(isParameter).length);

function isParameter(part: string): boolean {
  return part.startsWith("[");
}

async function answer(request: Request): Promise<Response> {
  const refusal = refusalOf(request);
  if (refusal !== null)
    return Response.json({ error: new AppError("forbidden", refusal).toJSON() }, { status: 403 });
  const parts = new URL(request.url).pathname.split("/").filter((part) => part !== "");
  for (const route of routes) {
    if (route.parts.length !== parts.length) continue;
    if (!route.parts.every((part, at) => isParameter(part) || part === parts[at])) continue;
    const named = route.parts.flatMap((part, at) =>
      isParameter(part) ? [[part.slice(1, -1), decodeURIComponent(parts[at] ?? "")]] : [],
    );
    const module = (await import(pathToFileURL(path.join(app, route.file)).href)) as Record<
      string,
      Handler | undefined
    >;
    const handler = module[request.method];
    if (!handler) return new Response(null, { status: 405 });
    return handler(request, { params: Promise.resolve(Object.fromEntries(named)) });
  }
  return new Response(null, { status: 404 });
}

async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const aborted = new AbortController();
  outgoing.on("close", () => aborted.abort());
  const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
  const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
    method: incoming.method,
    headers: incoming.headers as Record<string, string>,
    signal: aborted.signal,
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" } : {}),
  } as RequestInit);
  const response = await answer(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body)
    Readable.fromWeb(response.body as ReadableStream)
      .on("error", () => {})
      .pipe(outgoing);
  else outgoing.end();
}

const instance = await currentInstance();
const server = createServer((incoming, outgoing) => {
  handle(incoming, outgoing).catch((error: unknown) => outgoing.writeHead(500).end(String(error)));
});
server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  instance.announce(url);
  console.log(url);
});
