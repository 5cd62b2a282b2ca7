import { gzipSync } from "node:zlib";
import { expect, test } from "./fixtures.ts";

const BUDGET = 250_000;
const pages = [
  "/",
  "/experiments/sample",
  "/experiments/sample/vectors",
  "/experiments/sample/steering",
  "/experiments/sample/report",
  "/runs/none",
  "/settings/device",
  "/steer",
  "/monitor",
  "/caa",
  "/refinery",
  "/traits",
  "/traits/demo/optimism",
  "/traits/demo/optimism/review",
];

test("a page's first JavaScript stays small, and the model's runtime is left to its worker", async ({
  page,
  app,
}) => {
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  const sizes = new Map<string, number>();
  for (const path of pages) {
    const html = await (await page.request.get(`${app.url}${path}`)).text();
    const scripts = [...html.matchAll(/<script [^>]*src="([^"]+)"[^>]*>/g)]
      .filter(([tag]) => !/nomodule/i.test(tag))
      .map(([, source = ""]) => source);
    for (const source of scripts) {
      if (sizes.has(source)) continue;
      const script = await page.request.get(new URL(source, app.url).href);
      sizes.set(source, gzipSync(await script.body()).length);
    }
    const bytes = scripts.reduce((sum, source) => sum + (sizes.get(source) ?? 0), 0);
    expect(scripts.length, path).toBeGreaterThan(3);
    expect(bytes, `${path}: gzipped bytes of ${scripts.length} scripts`).toBeLessThanOrEqual(BUDGET);
    await page.goto(`${app.url}${path}`, { waitUntil: "networkidle" });
    const files = fetched.splice(0);
    expect(files.filter((file) => file.endsWith(".js"))).not.toEqual([]);
    // The trait editor has a worker of its own, for lints.
    const unwanted = path.startsWith("/traits/") ? /\.wasm$|ort-wasm/ : /\.wasm$|ort-wasm|worker/;
    expect(files.filter((file) => unwanted.test(file))).toEqual([]);
  }
});
