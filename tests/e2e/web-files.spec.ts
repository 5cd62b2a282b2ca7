import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { AppError } from "#lib/core/errors.ts";
import { generate, loadEngine, openDevicePage } from "../support/console-handle.ts";
import { root } from "../support/server.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";

const rows = [{ prompt: { text: "The baker opened the shop and" }, maxNewTokens: 4 }];
const GRAPH = "**/models/demo/onnx/model.onnx";
const PART = 4 * 2 ** 20;

test("a download that breaks off goes on where it stopped", async ({ page, app }) => {
  await openDevicePage(page, app.url);
  await page.route(GRAPH, async (route) => {
    const whole = await (await route.fetch()).body();
    await route.fulfill({ contentType: "application/octet-stream", body: whole.subarray(0, PART + 1000) });
  });
  expect(await loadEngine(page, { device: "wasm" })).toMatchObject({
    code: "invalid-file",
    retryable: true,
    message: expect.stringContaining("cut off"),
  });
  await page.unroute(GRAPH);
  await page.route(GRAPH, (route) => route.abort("connectionreset"));
  expect(await loadEngine(page, { device: "wasm" })).toMatchObject({
    code: "model-load",
    message: expect.stringContaining("what has arrived is kept"),
  });
  await page.unroute(GRAPH);
  const answer = page.waitForResponse(GRAPH);
  await loadEngine(page, { device: "wasm" });
  expect((await answer).status()).toBe(206);
  expect(await (await answer).headerValue("content-range")).toMatch(`bytes ${PART}-`);
  expect(await generate(page, rows)).toHaveLength(1);
});

test("a kept model loads without its server, and a damaged copy is fetched again", async ({ page, app }) => {
  await openDevicePage(page, app.url);
  await loadEngine(page, { device: "wasm" });
  const expected = await generate(page, rows);

  await page.route(/\/(api\/)?models\//, (route) => route.abort("connectionrefused"));
  expect(await loadEngine(page, { device: "wasm" })).toEqual([expect.stringMatching(/ready on wasm/)]);
  await page.unroute(/\/(api\/)?models\//);

  await page.evaluate(async () => {
    const cache = await caches.open("tiller-models");
    const keys = await cache.keys();
    const part = keys.find(({ url }) => url.endsWith("model.onnx?tiller-part=1"));
    if (!part) throw new Error(`no part among ${keys.map(({ url }) => url).join(" ")}`);
    const kept = await cache.match(part);
    const bytes = new Uint8Array(await (kept ?? new Response()).arrayBuffer());
    bytes[12345] = (bytes[12345] ?? 0) ^ 1;
    await cache.put(part, new Response(bytes));
  });
  const messages = await loadEngine(page, { device: "wasm" });
  expect(messages).toContainEqual(expect.stringMatching(/onnx\/model\.onnx.*damaged.*fetched again/));
  expect(await generate(page, rows)).toEqual(expected);
});

test("a web page in place of a file, a full disk and an unknown model are each said in one line", async ({
  page,
  app,
}) => {
  await openDevicePage(page, app.url);
  await page.route("**/models/demo/tokenizer.json", (route) =>
    route.fulfill({ contentType: "text/html; charset=utf-8", body: "<html>Log in</html>" }),
  );
  expect(await loadEngine(page, { device: "wasm" })).toMatchObject({
    code: "invalid-file",
    userMessage: expect.stringMatching(/tokenizer\.json is a web page and no model file/),
  });
  await page.unroute("**/models/demo/tokenizer.json");

  const chrome = await page.context().newCDPSession(page);
  await chrome.send("Storage.overrideQuotaForOrigin", { origin: app.url, quotaSize: 6_000_000 });
  expect(await loadEngine(page, { device: "wasm" })).toMatchObject({
    code: "disk-full",
    userMessage: expect.stringMatching(
      /storage is full: \S+model\.onnx needs 11 MB, and \d+ MB are kept already/,
    ),
  });
  await chrome.send("Storage.overrideQuotaForOrigin", { origin: app.url });

  const unknown = await loadEngine(page, { device: "wasm", modelId: "nobody/nothing" });
  expect(AppError.fromJSON(unknown).userMessage).toMatch(/^there is no model "nobody\/nothing"/);
});

test("without isolation headers WASM has one thread and gives the same answer", async ({ page, app }) => {
  await page.route(`${app.url}/**`, async (route) => {
    const answer = await route.fetch();
    const headers = { ...answer.headers() };
    delete headers["cross-origin-opener-policy"];
    delete headers["cross-origin-embedder-policy"];
    await route.fulfill({ response: answer, headers });
  });
  await openDevicePage(page, app.url);
  await expect(page.getByText("not isolated", { exact: true })).toBeVisible();
  await expect(page.getByText(/^1 of \d+ cores/)).toBeVisible();
  await page.getByRole("button", { name: "Run the check" }).click();
  const row = page.locator("[data-device=wasm]");
  await expect(row).toHaveAttribute("data-passed", "true", { timeout: 60_000 });
  await expect(row).toContainText("not told");
  // What the page still asks for would be answered after the test.
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

test("a model comes from the Hub when the user says so, its size shown first", async ({
  page,
  app,
  strangers,
}) => {
  const folder = path.join(root, "public/models/demo");
  const files = ["config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model.onnx"];
  const headers = { "access-control-allow-origin": "*" };
  await page.route("https://huggingface.co/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname !== "/api/models/someone/village/tree/main") {
      const name = pathname.replace("/someone/village/resolve/main/", "");
      await route.fulfill({
        headers,
        path: path.join(folder, name),
        contentType: "application/octet-stream",
      });
      return;
    }
    const tree = files.map((name) => {
      const bytes = readFileSync(path.join(folder, name));
      const oid = createHash("sha256").update(bytes).digest("hex");
      const large = bytes.length > 1e6 ? { lfs: { oid } } : {};
      return { type: "file", path: name, size: bytes.length, ...large };
    });
    await route.fulfill({ headers, json: tree });
  });
  await page.goto(`${app.url}/settings/device`);
  await page.getByLabel("Model", { exact: true }).fill("someone/village");
  await page.getByLabel("From").selectOption("hub");
  await page.getByRole("button", { name: "Look up" }).click();
  await expect(page.getByText("someone/village: 10 MB in 4 files")).toBeVisible();
  expect(strangers).toEqual(["https://huggingface.co/api/models/someone/village/tree/main?recursive=true"]);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Fetch 10 MB" }).click();
  await expect(page.getByText(/someone\/village is ready on webgpu: kept in this browser/)).toBeVisible({
    timeout: 60_000,
  });
  expect(new Set(strangers.map((url) => new URL(url).host))).toEqual(new Set(["huggingface.co"]));
  expect(strangers).toHaveLength(1 + 1 + files.length);
  strangers.length = 0;
});
