import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Browser, Page } from "@playwright/test";
import { compareResults, equalResults } from "../../lib/testing/result-files.ts";
import { prepareSmallHome, smallTrait } from "../../lib/testing/small-home.ts";
import { type RunningServer, removeHome, startServer, temporaryHome } from "../support/server.ts";
import { test as base, expect, expectAccessible, runDone } from "./fixtures.ts";

const SAMPLE = { experiment: "sample", trait: "demo/optimism" };
/**
 * What the tests run: a cut trait, each stage and all else the sample's own. A whole bundled trait takes WASM two minutes;
 * software WebGPU, which generates some six tokens a second, a hundredth of a graphics card, an hour or more.
 * `TILLER_WHOLE_WASM=1` and `TILLER_WHOLE_WEBGPU=1` run the sample's trait whole.
 */
const SHORT = { steering_methods: ["mean_diff"], coefs: [0.7], layers: "2", steering_max_new_tokens: 24 };
const CUT = {
  wasm: { experiment: "part", trait: "part/optimism", pairs: 40, questions: 2, config: SHORT },
  webgpu: { experiment: "cut", trait: smallTrait, pairs: 8, questions: 1, config: SHORT },
} as const;
const WHOLE = {
  wasm: process.env.TILLER_WHOLE_WASM === "1",
  webgpu: process.env.TILLER_WHOLE_WEBGPU === "1",
};
const MINUTE = 60_000;

interface Servers {
  /** What a server's own processor gives for both traits: the home of a finished run. */
  expected: string;
  app: RunningServer;
  /** Another: what one device has computed is not computed again by the next on the same server. */
  graphics: RunningServer;
}

const test = base.extend<object, Servers>({
  expected: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const server = await startSmallServer();
      for (const { experiment, trait } of [wantedOf("wasm"), wantedOf("webgpu")]) {
        const body = JSON.stringify({ experiment, traits: [trait] });
        const answer = await fetch(`${server.url}/api/runs`, { method: "POST", body });
        await done(server, ((await answer.json()) as { run_id: string }).run_id);
      }
      await server.stop();
      await use(server.home);
      await removeHome(server.home);
    },
    { scope: "worker", timeout: 600_000 },
  ],
  // The server's own run comes first: beside it the browser's would be slow. A home of its own, for its small trait.
  app: [async ({ expected: _ }, use) => withSmallServer(use), { scope: "worker", timeout: 240_000 }],
  graphics: [async ({ expected: _ }, use) => withSmallServer(use), { scope: "worker", timeout: 240_000 }],
});

async function withSmallServer(use: (server: RunningServer) => Promise<void>): Promise<void> {
  const server = await startSmallServer();
  await use(server);
  await server.stop();
  await removeHome(server.home);
}

async function startSmallServer(): Promise<RunningServer> {
  const home = await temporaryHome();
  const sample = JSON.parse(await readFile(path.resolve("experiments/sample/config.json"), "utf8"));
  for (const { experiment, trait, pairs, questions, config } of Object.values(CUT)) {
    prepareSmallHome(home, pairs, questions, trait);
    const folder = path.join(home, "experiments", experiment);
    await mkdir(folder, { recursive: true });
    await writeFile(
      path.join(folder, "config.json"),
      JSON.stringify({ ...sample, ...config, traits: [trait] }),
    );
  }
  return startServer(home);
}

const done = (server: RunningServer, run: string) => runDone(server, run, (WHOLE.webgpu ? 240 : 15) * MINUTE);

test.setTimeout((WHOLE.webgpu ? 245 : 20) * MINUTE);

interface Wanted {
  experiment: string;
  trait: string;
  device: "WASM" | "WebGPU";
}

const deviceNames = { wasm: "WASM", webgpu: "WebGPU" } as const;

function wantedOf(device: keyof typeof CUT): Wanted {
  const { experiment, trait } = WHOLE[device] ? SAMPLE : CUT[device];
  return { experiment, trait, device: deviceNames[device] };
}

/** Starts an experiment on one trait in this browser, from its dialog, the settings as they are. */
async function runInBrowser(page: Page, { url }: RunningServer, { experiment, trait, device }: Wanted) {
  await page.goto(`${url}/experiments/${experiment}`);
  await page.getByRole("button", { name: "Run…" }).click();
  const dialog = page.getByRole("dialog");
  for (const box of await dialog.getByRole("checkbox", { name: /^\w+\/\w+$/ }).all()) await box.uncheck();
  await dialog.getByRole("checkbox", { name: trait }).check();
  await dialog.getByLabel("Device").selectOption({ label: `this browser (${device})` });
  await expect(dialog.getByText(`--device browser-${device.toLowerCase()}`)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Start the run" }).click();
  await page.waitForURL(/\/runs\/.*lend=yes/);
  await expect(ownStatus(page)).toContainText("generating", { timeout: 120_000 });
}

/** Waits for the run's end: its devices, its page, its steering result and every file that a server's run has. */
async function expectServersResults(
  page: Page,
  app: RunningServer,
  expected: string,
  { experiment, trait, device }: Wanted,
) {
  const run = await done(app, new URL(page.url()).pathname.split("/").at(-1) ?? "");
  expect(run.failures).toEqual([]);
  expect(run.workers.length).toBeGreaterThan(0);
  expect(run.workers.every((worker) => worker.device === device.toLowerCase())).toBe(true);
  const workers = page.getByRole("table", { name: "Which browser did what" });
  await expect(workers.getByRole("row")).toHaveCount(run.workers.length + 1);
  await expectAccessible(page);
  expect(compareResults(app.home, expected, experiment, trait)).toEqual(equalResults);

  await page.goto(`${app.url}/experiments/${experiment}/steering?trait=${encodeURIComponent(trait)}`);
  await expect(page.getByRole("heading", { name: /^(Best|No coherent setting)/ })).toBeVisible();
  await expect(page.getByText(/random band/).first()).toBeVisible();
}

const ownStatus = (page: Page) => page.getByRole("status").filter({ hasText: "This tab" });
const givenBack = (page: Page) => page.getByText(/left: its batch of \d rows? is given out again/);

test("the sample runs in this browser (WASM) to the server's steering result, whatever becomes of a second browser", async ({
  page,
  browser,
  app,
  expected,
}) => {
  const wanted = wantedOf("wasm");
  await runInBrowser(page, app, wanted);
  const other = await openIn(browser, page.url());
  await expect(ownStatus(other)).toContainText("generating");
  await expectAccessible(other);
  // A frozen tab runs not one line of its script. Headless Chromium does not freeze; its debugger stops the script too.
  const devtools = await other.context().newCDPSession(other);
  await devtools.send("Debugger.enable");
  await other.waitForRequest(/\/beat$/);
  await devtools.send("Debugger.pause");
  await expect(givenBack(page)).toHaveCount(1, { timeout: 120_000 });
  const goesOn = other.waitForResponse((answer) => answer.url().endsWith("/result") && answer.ok());
  await devtools.send("Debugger.disable");
  await goesOn;
  await other.waitForRequest(/\/beat$/);
  await other.context().close();
  await expect(givenBack(page)).toHaveCount(2);
  await expectServersResults(page, app, expected, wanted);
});

test("a lender's page that nobody sees holds no event stream", async ({ page, app }) => {
  const body = JSON.stringify({
    experiment: SAMPLE.experiment,
    traits: [smallTrait],
    stages: ["generate"],
    // Answers of a length that no other run has asked for.
    config: { device: "browser-wasm", max_new_tokens: 5 },
  });
  const answer = await fetch(`${app.url}/api/runs`, { method: "POST", body });
  const { run_id } = (await answer.json()) as { run_id: string };
  await page.goto(`${app.url}/runs/${run_id}`);
  await expect(page.getByRole("button", { name: "Lend this browser (WASM)" })).toBeVisible();
  const ended = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/events"));
  await seen(page, "hidden");
  await ended;
  const begun = page.waitForRequest(/\/events$/);
  await seen(page, "visible");
  await begun;
  await fetch(`${app.url}/api/runs/${run_id}/cancel`, { method: "POST" });
  await expect(page.getByText(/cancelled$/).first()).toBeVisible();
});

/** Headless Chromium shows every tab: what the browser would tell a page is told here. */
function seen(page: Page, state: DocumentVisibilityState): Promise<void> {
  return page.evaluate((visibility) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, value: visibility });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}

async function openIn(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  return page;
}

test("the sample runs in this browser (WebGPU) to the server's steering result, stopped and gone on with", async ({
  page,
  graphics,
  expected,
}) => {
  const wanted = wantedOf("webgpu");
  await runInBrowser(page, graphics, wanted);
  await page.getByRole("button", { name: "Stop lending" }).click();
  await expect(givenBack(page).first()).toBeVisible();
  await page.getByRole("button", { name: "Lend this browser (WebGPU)" }).click();
  await expectServersResults(page, graphics, expected, wanted);
});

test("a result may be larger than what the server holds of other requests", async ({ app }) => {
  const body = new Uint8Array(24 * 2 ** 20);
  const response = await fetch(`${app.url}/api/lending/leases/made-up/result`, { method: "POST", body });
  expect(response.status).toBe(404);
  expect(app.output()).not.toContain("Request body exceeded");
});
