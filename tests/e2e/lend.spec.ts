import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Browser, Page } from "@playwright/test";
import type { RunSnapshot } from "../../lib/pipeline/api.ts";
import { compareResults, equalResults } from "../../lib/testing/result-files.ts";
import { prepareSmallHome, smallTrait } from "../../lib/testing/small-home.ts";
import { type RunningServer, removeHome, startServer, temporaryHome } from "../support/server.ts";
import { test as base, expect, expectAccessible } from "./fixtures.ts";

const EXPERIMENT = "sample";
const TRAIT = "demo/optimism";
/**
 * Software WebGPU generates some six tokens a second, a hundredth of a graphics card: the bundled trait takes it an hour or
 * more. It runs an experiment that is cut: eight of 112 pairs, one of 20 questions, one method at one coefficient; every
 * stage and all else is the sample's own. `TILLER_WHOLE_WEBGPU=1` runs the sample's trait whole.
 */
const CUT = {
  experiment: "cut",
  pairs: 8,
  questions: 1,
  config: { steering_methods: ["mean_diff"], coefs: [0.7] },
};
const WHOLE = process.env.TILLER_WHOLE_WEBGPU === "1";
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
      for (const request of [
        { experiment: EXPERIMENT, traits: [TRAIT] },
        { experiment: CUT.experiment, traits: [smallTrait] },
      ]) {
        const body = JSON.stringify(request);
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
  prepareSmallHome(home, CUT.pairs, CUT.questions);
  const sample = JSON.parse(await readFile(path.resolve("experiments/sample/config.json"), "utf8"));
  await mkdir(path.join(home, "experiments", CUT.experiment), { recursive: true });
  await writeFile(
    path.join(home, "experiments", CUT.experiment, "config.json"),
    JSON.stringify({ ...sample, ...CUT.config, traits: [smallTrait] }),
  );
  return startServer(home);
}

async function done({ url }: RunningServer, run: string): Promise<RunSnapshot> {
  const read = async () => (await (await fetch(`${url}/api/runs/${run}`)).json()) as RunSnapshot;
  const states = /done|failed|cancelled|interrupted/;
  await expect
    .poll(async () => (await read()).state, { timeout: (WHOLE ? 240 : 15) * MINUTE, intervals: [1_000] })
    .toMatch(states);
  const snapshot = await read();
  expect(snapshot.state, JSON.stringify(snapshot.notices)).toBe("done");
  return snapshot;
}

test.setTimeout((WHOLE ? 245 : 20) * MINUTE);

interface Wanted {
  experiment: string;
  trait: string;
  device: "WASM" | "WebGPU";
}

/** Starts an experiment on one trait in this browser, from its dialog, the settings as they are. */
async function runInBrowser(page: Page, { url }: RunningServer, { experiment, trait, device }: Wanted) {
  await page.goto(`${url}/experiments/${experiment}`);
  await page.getByRole("button", { name: "Run…" }).click();
  const dialog = page.getByRole("dialog");
  for (const box of await dialog.getByRole("checkbox", { name: /^demo\// }).all()) await box.uncheck();
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
  const wanted = { experiment: EXPERIMENT, trait: TRAIT, device: "WASM" } as const;
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
    experiment: EXPERIMENT,
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
  const what = WHOLE ? { experiment: EXPERIMENT, trait: TRAIT } : { ...CUT, trait: smallTrait };
  const wanted = { ...what, device: "WebGPU" } as const;
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
