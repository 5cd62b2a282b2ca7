import type { Page } from "@playwright/test";
import type { RunRequest, RunSnapshot } from "../../lib/pipeline/api.ts";
import { compareResults, equalResults } from "../../lib/testing/result-files.ts";
import { prepareSmallHome, smallTrait } from "../../lib/testing/small-home.ts";
import { type RunningServer, removeHome, startServer, temporaryHome } from "../support/server.ts";
import { test as base, expect, expectAccessible } from "./fixtures.ts";

const EXPERIMENT = "sample";
const settings = { layers: "2", coefs: [0.5] };

// A server of its own with a small trait: other files want an untouched home.
const test = base.extend<object, { app: RunningServer; plain: RunningServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  app: [async ({}, use) => withServer(use), { scope: "worker", timeout: 240_000 }],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  plain: [async ({}, use) => withServer(use), { scope: "worker", timeout: 240_000 }],
});

async function withServer(use: (server: RunningServer) => Promise<void>): Promise<void> {
  const home = await temporaryHome();
  prepareSmallHome(home);
  const server = await startServer(home);
  await use(server);
  await server.stop();
  await removeHome(home);
}

test.setTimeout(600_000);

async function start(
  { url }: RunningServer,
  request: Omit<RunRequest, "experiment" | "traits">,
): Promise<string> {
  const body = JSON.stringify({ experiment: EXPERIMENT, traits: [smallTrait], ...request });
  const response = await fetch(`${url}/api/runs`, { method: "POST", body });
  return ((await response.json()) as { run_id: string }).run_id;
}

async function done({ url }: RunningServer, run: string): Promise<RunSnapshot> {
  const read = async () => (await (await fetch(`${url}/api/runs/${run}`)).json()) as RunSnapshot;
  await expect.poll(async () => (await read()).state, { timeout: 500_000, intervals: [1_000] }).toBe("done");
  return read();
}

const ownStatus = (page: Page) => page.getByRole("status").filter({ hasText: "This tab" });

test("two tabs lend their WASM to a run, one is closed within a batch, and the results are a server's", async ({
  page,
  context,
  app,
  plain,
}) => {
  await page.goto(`${app.url}/experiments/${EXPERIMENT}`);
  await page.getByRole("button", { name: "Run…" }).click();
  const dialog = page.getByRole("dialog");
  for (const trait of await dialog.getByRole("checkbox", { name: /^demo\// }).all()) await trait.uncheck();
  await dialog.getByRole("checkbox", { name: smallTrait }).check();
  await dialog.getByLabel("Layers to steer").fill(settings.layers);
  await dialog.getByLabel("Coefficients").fill(settings.coefs.join(", "));
  await dialog.getByLabel("Device").selectOption({ label: "this browser (WASM)" });
  await expect(dialog.getByText("--device browser-wasm")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Start the run" }).click();
  await page.waitForURL(/\/runs\/.*lend=yes/);
  await expect(ownStatus(page)).toContainText("generating");

  const other = await context.newPage();
  await other.goto(page.url());
  await expect(ownStatus(other)).toContainText("generating");
  await expectAccessible(other);
  await other.close();
  await expect(page.getByText(/left: its batch of \d rows? is given out again/).first()).toBeVisible();

  const run = await done(app, new URL(page.url()).pathname.split("/").at(-1) ?? "");
  expect(run.workers.length).toBeGreaterThan(0);
  expect(run.workers.every(({ device }) => device === "wasm")).toBe(true);
  const workers = page.getByRole("table", { name: "Which browser did what" });
  await expect(workers.getByRole("row")).toHaveCount(run.workers.length + 1);
  await expectAccessible(page);

  await done(plain, await start(plain, { config: settings }));
  expect(compareResults(app.home, plain.home, EXPERIMENT)).toEqual(equalResults);
});

test("a tab lends its WebGPU when asked, stops when told, and goes on", async ({ page, app, plain }) => {
  const request: Pick<RunRequest, "stages"> = { stages: ["generate", "capture"] };
  const config = { max_new_tokens: 6, vet: false };
  const run = await start(app, { ...request, config: { ...config, device: "browser-webgpu" } });
  await page.goto(`${app.url}/runs/${run}`);
  const lend = page.getByRole("button", { name: "Lend this browser (WebGPU)" });
  await lend.click();
  await expect(ownStatus(page)).toContainText("generating");
  await page.getByRole("button", { name: "Stop lending" }).click();
  await expect(page.getByText(/left: its batch of \d rows? is given out again/).first()).toBeVisible();
  await lend.click();
  const { workers } = await done(app, run);
  expect(workers.every(({ device }) => device === "webgpu")).toBe(true);
  expect(workers.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThan(0);
  await done(plain, await start(plain, { ...request, config }));
  expect(compareResults(app.home, plain.home, EXPERIMENT)).toEqual(equalResults);
});

test("a result may be larger than what the server holds of other requests", async ({ app }) => {
  const body = new Uint8Array(24 * 2 ** 20);
  const response = await fetch(`${app.url}/api/lending/leases/made-up/result`, { method: "POST", body });
  expect(response.status).toBe(404);
  expect(app.output()).not.toContain("Request body exceeded");
});
