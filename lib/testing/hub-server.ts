import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

// A local server with the Hub's routes for datasets: what the Hub tells of one, its Parquet files behind a redirect to
// another host, byte ranges, tokens and refusals.

export interface HubDataset {
  sha?: string;
  /** Without it, 401. */
  token?: string;
  /** The Hub's own Parquet files by configuration and split; without it, 404. */
  parquet?: Record<string, Record<string, Uint8Array[]>>;
  /** Files of the repository. */
  files?: Record<string, Uint8Array | string>;
}

export interface HubRequest {
  path: string;
  authorization: string | undefined;
  range: string | undefined;
}

export interface HubServer {
  url: string;
  /** What came to the Hub itself. */
  requests: HubRequest[];
  /** What came to the host that files are redirected to. */
  storage: HubRequest[];
  /** How the next requests are answered, before any other thing is looked at. */
  refuse(...statuses: { status: number; headers?: Record<string, string> }[]): void;
  /** Addresses that were redirected to before are refused from now on. */
  expire(): void;
  close(): Promise<void>;
}

export async function startHubServer(datasets: Record<string, HubDataset>): Promise<HubServer> {
  const requests: HubRequest[] = [];
  const storage: HubRequest[] = [];
  const refusals: { status: number; headers?: Record<string, string> }[] = [];
  const stored = new Map<string, Uint8Array>();
  let signature = 1;
  let [hubUrl, storageUrl] = ["", ""];

  const hub = createServer((request, response) => {
    requests.push(seen(request));
    const refusal = refusals.shift();
    if (refusal) return void response.writeHead(refusal.status, refusal.headers).end();
    const path = decodeURI(request.url ?? "");
    const id = /^\/(?:api\/)?datasets\/([^/]+\/[^/]+)/.exec(path)?.[1] ?? "";
    const dataset = datasets[id];
    if (!dataset) return void response.writeHead(404).end();
    if (dataset.token !== undefined && request.headers.authorization !== `Bearer ${dataset.token}`) {
      return void response.writeHead(401).end();
    }
    const { sha = "abc123", parquet, files = {} } = dataset;
    const rest = path.slice(path.indexOf(id) + id.length);
    if (rest === "") {
      return json(response, { id, sha, siblings: Object.keys(files).map((rfilename) => ({ rfilename })) });
    }
    if (rest === "/parquet") {
      if (!parquet) return void response.writeHead(404).end();
      const urls = (config: string, split: string, shards: Uint8Array[]) =>
        shards.map((_, at) => `${hubUrl}/api/datasets/${id}/parquet/${config}/${split}/${at}.parquet`);
      return json(
        response,
        Object.fromEntries(
          Object.entries(parquet).map(([config, splits]) => [
            config,
            Object.fromEntries(
              Object.entries(splits).map(([split, shards]) => [split, urls(config, split, shards)]),
            ),
          ]),
        ),
      );
    }
    const [, config = "", split = "", shard = ""] =
      /^\/parquet\/([^/]+)\/([^/]+)\/(\d+)\.parquet$/.exec(rest) ?? [];
    const own = rest.startsWith(`/resolve/${sha}/`)
      ? files[rest.slice(`/resolve/${sha}/`.length)]
      : undefined;
    const content = own ?? parquet?.[config]?.[split]?.[Number(shard)];
    if (content === undefined) return void response.writeHead(404).end();
    stored.set(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
    response.writeHead(302, { location: `${storageUrl}${encodeURI(path)}?signature=${signature}` }).end();
  });

  const files = createServer((request, response) => {
    storage.push(seen(request));
    const { pathname, searchParams } = new URL(request.url ?? "", storageUrl);
    const content = stored.get(decodeURI(pathname));
    if (!content || Number(searchParams.get("signature")) !== signature)
      return void response.writeHead(403).end();
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    const part = start === undefined ? content : content.subarray(Number(start), Number(end) + 1);
    if (start === undefined) return void response.end(part);
    response.writeHead(206, { "content-range": `bytes ${start}-${end}/${content.length}` }).end(part);
  });

  for (const server of [hub, files])
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  hubUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  // Another name of this computer: another host.
  storageUrl = `http://localhost:${(files.address() as AddressInfo).port}`;
  return {
    url: hubUrl,
    requests,
    storage,
    refuse: (...statuses) => void refusals.push(...statuses),
    expire: () => void signature++,
    async close() {
      for (const server of [hub, files]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function seen({ url = "", headers }: IncomingMessage): HubRequest {
  return { path: url, authorization: headers.authorization, range: headers.range };
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}
