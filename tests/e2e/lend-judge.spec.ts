import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import type { RunRequest } from "../../lib/pipeline/api.ts";
import { compareResults, equalResults } from "../../lib/testing/result-files.ts";
import { prepareSmallHome, smallTrait } from "../../lib/testing/small-home.ts";
import { type RunningServer, removeHome, root, startServer, temporaryHome } from "../support/server.ts";
import { test as base, expect, expectAccessible, runDone } from "./fixtures.ts";

const EXPERIMENT = "sample";
const VILLAGE = "someone/village";
const demo = path.join(root, "public/models/demo");

// Servers of their own with a small trait: other files want an untouched home.
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

const done = (server: RunningServer, run: string) => runDone(server, run, 500_000);

const ownStatus = (page: Page) => page.getByRole("status").filter({ hasText: "This tab" });

/** Every number of a JSON file with the path to it; what tells times and runs is left out. */
function numbersOf(value: unknown, at = ""): [string, number][] {
  if (typeof value === "number") return [[at, value]];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, member]) => numbersOf(member, `${at}/${name}`));
}

/** The largest difference between two homes' numbers in one result file. */
function largestDifference(a: string, b: string, file: string): number {
  const [ours, theirs] = [a, b].map((home) =>
    numbersOf(JSON.parse(readFileSync(path.join(home, "experiments", EXPERIMENT, file), "utf8"))),
  );
  expect(ours?.map(([at]) => at)).toEqual(theirs?.map(([at]) => at));
  return Math.max(
    ...(ours ?? []).map(([, value], at) => Math.abs(value - (theirs?.[at]?.[1] ?? Number.NaN))),
  );
}

test("a tab judges a run with its WASM, and the scores are the server's", async ({ page, app, plain }) => {
  await page.goto(`${app.url}/experiments/${EXPERIMENT}`);
  await page.getByRole("button", { name: "Run…" }).click();
  const dialog = page.getByRole("dialog");
  for (const trait of await dialog.getByRole("checkbox", { name: /^demo\// }).all()) await trait.uncheck();
  await dialog.getByRole("checkbox", { name: smallTrait }).check();
  for (const stage of [/Capture$/, /Extract$/, /Evaluate$/, /Steer$/])
    await dialog.getByRole("checkbox", { name: stage }).uncheck();
  await dialog.getByLabel("Judge runs on").selectOption({ label: "this browser (WASM)" });
  await expect(dialog.getByText("--judge-device browser-wasm")).toBeVisible();
  await expect(dialog.getByText(/measured agreement .* optimism Spearman 0\.71, AUC 0\.90/)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Start the run" }).click();
  await page.waitForURL(/\/runs\/.*lend=yes/);
  await expect(ownStatus(page)).toContainText("generating");

  const run = await done(app, new URL(page.url()).pathname.split("/").at(-1) ?? "");
  expect(run.workers.map(({ device }) => device)).toEqual(["wasm"]);
  const notices = run.notices.map(({ message }) => message);
  expect(notices.filter((message) => message.startsWith("judge: Demo"))).toHaveLength(1);
  expect(run.result?.warnings).toContainEqual(expect.stringContaining("measured agreement"));
  const row = page.getByRole("table", { name: "Which browser did what" }).getByRole("row").nth(1);
  await expect(row).toContainText(/\d+ MB$/);
  await expectAccessible(page);

  const there = await done(
    plain,
    await start(plain, { stages: ["vet-scenarios", "generate", "vet-responses"], config: {} }),
  );
  expect(there.workers).toEqual([]);
  expect(run.judge).toEqual(there.judge);
  expect(compareResults(app.home, plain.home, EXPERIMENT, smallTrait)).toEqual(equalResults);
  for (const file of ["vetting/scenario_scores.json", "vetting/response_scores.json"]) {
    expect(largestDifference(app.home, plain.home, `extraction/${smallTrait}/${file}`)).toBeLessThan(0.01);
  }
  const manifest = readFileSync(path.join(app.home, "experiments", EXPERIMENT, "manifest.json"), "utf8");
  expect(JSON.parse(manifest).judge).toMatchObject({ model: "demo", device: "browser-wasm" });
});

test("a large model is fetched when the user says so, and from where", async ({ page, app, strangers }) => {
  const folder = path.join(app.home, "models", VILLAGE);
  cpSync(demo, folder, { recursive: true });
  writeFileSync(path.join(folder, "onnx/model.onnx_data"), new Uint8Array(60e6));
  await page.route("https://huggingface.co/**", (route) => {
    const name = new URL(route.request().url()).pathname.replace(`/${VILLAGE}/resolve/main/`, "");
    return route.fulfill({
      headers: { "access-control-allow-origin": "*" },
      path: path.join(folder, name),
      contentType: "application/octet-stream",
    });
  });
  const run = await start(app, {
    stages: ["generate"],
    config: { extraction_model: VILLAGE, device: "browser-wasm", max_new_tokens: 4 },
  });
  await page.goto(`${app.url}/runs/${run}?lend=yes`);
  const question = page.getByText(`This run needs model ${VILLAGE}, which this browser does not keep yet.`);
  await expect(question).toBeVisible();
  await expect(page.getByRole("button", { name: "Download 67 MB from this server" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Do not lend" }).click();
  await page.getByRole("button", { name: "Lend this browser (WASM)" }).click();
  await expect(question).toBeVisible();
  expect(strangers).toEqual([]);
  await page.getByRole("button", { name: "Download 67 MB from the Hugging Face Hub" }).click();
  const { workers } = await done(app, run);
  expect(workers[0]).toMatchObject({ device: "wasm", memory: { graphics: 0 } });
  expect(new Set(strangers.map((url) => new URL(url).host))).toEqual(new Set(["huggingface.co"]));
  strangers.length = 0;

  // What is kept is asked for no more.
  const again = await start(app, {
    stages: ["generate"],
    config: { extraction_model: VILLAGE, device: "browser-wasm", max_new_tokens: 5 },
  });
  await page.goto(`${app.url}/runs/${again}?lend=yes`);
  await done(app, again);
});
