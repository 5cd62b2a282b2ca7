import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { env } from "@huggingface/transformers";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "#lib/testing/temporary.ts";
import { projectRoot } from "../paths.ts";
import { loadNodeEngine } from "./load-engine.ts";

const demo = path.join(projectRoot(), "public/models/demo");
const { remoteHost, allowLocalModels } = env;
const requests: string[] = [];

/** Serves the demo model as the Hub serves `village/demo`. */
const hub = createServer((request, response) => {
  requests.push(request.url ?? "");
  const name = /^\/village\/demo\/resolve\/main\/(.+)$/.exec(request.url ?? "")?.[1];
  const file = path.join(demo, name ?? "");
  if (name === undefined || name.includes("..") || !existsSync(file)) response.writeHead(404).end();
  else createReadStream(file).pipe(response);
});

let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => hub.listen(0, "127.0.0.1", resolve));
  port = (hub.address() as AddressInfo).port;
});
afterAll(() => void hub.close());
afterEach(() => {
  env.remoteHost = remoteHost;
  env.allowLocalModels = allowLocalModels;
});

const load = (modelId: string, home: string) => loadNodeEngine({ modelId, device: "cpu", threads: 1, home });

describe("a model of the Hub", () => {
  it("is downloaded once and then at home", async () => {
    env.remoteHost = `http://127.0.0.1:${port}/`;
    const home = temporaryFolder("home");
    const first = await load("village/demo", home);
    const plain = await load("demo", home);
    expect(first.describe().fingerprint).toBe(plain.describe().fingerprint);
    expect(requests).toContain("/village/demo/resolve/main/onnx/model.onnx");
    const asked = requests.length;
    const second = await load("village/demo", home);
    expect(requests).toHaveLength(asked);
    const rows = [{ prompt: { text: "The baker" }, maxNewTokens: 5 }];
    expect(await second.generate(rows)).toEqual(await plain.generate(rows));
    for (const engine of [first, second, plain]) await engine.dispose();
  });

  it("that the Hub does not have is not found", async () => {
    env.remoteHost = `http://127.0.0.1:${port}/`;
    await expect(load("village/nowhere", temporaryFolder())).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringMatching(
        /^model village\/nowhere was not found on 127\.0\.0\.1:\d+, or has no ONNX files.*$/,
      ),
    });
  });

  it("cannot be had offline, which one line says", async () => {
    // Nothing listens on port 9 ("discard").
    env.remoteHost = "http://127.0.0.1:9/";
    await expect(load("village/demo", temporaryFolder())).rejects.toMatchObject({
      code: "model-load",
      retryable: true,
      message: expect.stringMatching(
        /^model village\/demo is not installed and 127\.0\.0\.1:9 cannot be reached: .*$/,
      ),
    });
  });
});
