import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import { type JudgeServer, startJudgeServer } from "../../lib/testing/judge-server.ts";
import { startServer } from "../support/server.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, inBothLooks, runDone, test } from "./fixtures.ts";

test.use({ homeName: "caa" });
test.describe.configure({ mode: "serial" });

const isDone = (page: Page, build: string) =>
  expect(page.getByRole("heading", { name: new RegExp(`^${build} .*done$`) })).toBeVisible({
    timeout: 60_000,
  });

test("the demo model writes a dataset, whose answers give vectors that are steered with", async ({
  page,
  app,
}, info) => {
  await page.goto(`${app.url}/caa`);
  await expect(page.getByText("No datasets yet")).toBeVisible();
  await page.getByRole("checkbox", { name: /^Optimism/ }).check();
  await page.getByRole("button", { name: "Preview" }).click();
  const first = page.getByRole("region", { name: "First rows, table" });
  await expect(first.getByRole("row")).toHaveCount(11);
  await page.getByLabel("Samples").fill("24");
  await page.getByRole("button", { name: "Show the plan" }).click();
  await expect(page.getByText("48 (48 reactions)")).toBeVisible();
  await inBothLooks(page, async (look) => {
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.screenshot({ path: info.outputPath(`new-${look}.png`), fullPage: true });
  });
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.waitForURL(/build=optimism/);
  await isDone(page, "optimism");

  const folder = path.join(app.home, "datasets/caa/optimism");
  const file = await page.getByRole("link", { name: /^caa_dataset_\d{8}_\d{6}\.jsonl$/ }).textContent();
  const lines = (await readFile(path.join(folder, file ?? ""), "utf8")).trim().split("\n");
  expect(lines).toHaveLength(24);
  const one = JSON.parse(lines[0] ?? "");
  expect(Object.keys(one)).toEqual(["question", "positive", "neutral"]);
  const results = page.locator("section", { has: page.getByRole("heading", { name: "Results" }) });
  await expect(results.getByText("1 to 20 of 24")).toBeVisible();
  await results.getByRole("button", { name: "Next" }).click();
  await expect(results.getByText("21 to 24 of 24")).toBeVisible();
  const last =
    (await results.getByRole("listitem").last().locator("p.font-mono").first().textContent()) ?? "";
  await results.getByLabel("With this text").fill(last.toUpperCase());
  await expect(results.getByText("1 to 1 of 1")).toBeVisible();
  await expect(results.getByText(last)).toBeVisible();
  await results.getByLabel("With this text").fill("");
  await expect(results.getByText("1 to 20 of 24")).toBeVisible();
  const ab = await page.request.get(`${app.url}/api/caa/datasets/optimism/converted?file=${file}&to=caa`);
  expect((await ab.json())[0].question).toContain("Choices:\n(A) ");
  await inBothLooks(page, async (look) => {
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.screenshot({ path: info.outputPath(`built-${look}.png`), fullPage: true });
  });

  await page.getByRole("button", { name: "Make trait and experiment" }).click();
  await expect(page.getByText("has 20 pairs, read at response[-1], and 4 questions")).toBeVisible();
  const config = { coefs: [0.7], layers: "3" };
  await page.request.patch(`${app.url}/api/experiments/caa-optimism`, { data: { config } });
  await page.getByRole("link", { name: "caa-optimism" }).click();
  await page.getByRole("button", { name: "Run…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Start the run" }).click();
  await page.waitForURL(/\/runs\//);
  const run = await runDone(app, page.url().split("/").at(-1) ?? "");
  await expect(page.locator("[data-stage=steer]")).toHaveAttribute("data-state", "done");
  // The demo judge gives up on some texts from outside its world.
  expect(run.failures.filter(({ stage }) => stage !== "steer")).toEqual([]);
  const resultOf = async (file: string) =>
    JSON.parse(await readFile(path.join(app.home, "experiments/caa-optimism", file), "utf8"));
  expect(
    await resultOf("extraction/caa/optimism/activations/response_-1/residual/metadata.json"),
  ).toMatchObject({ n_examples_pos: 16, n_val_pos: 4, position: "response[-1]" });
  expect(run.result?.traits[0]?.vectors).toBe(25);
  const steering = await resultOf("steering/caa/optimism/response_-1/results.json");
  expect(steering.questions).toHaveLength(4);
  expect(steering.runs.length).toBeGreaterThan(0);
});

test("a browser that lends itself writes what the server writes", async ({ page, app }) => {
  await page.goto(`${app.url}/caa`);
  await page.getByRole("button", { name: "New dataset" }).click();
  await page.getByRole("checkbox", { name: /^Optimism/ }).check();
  await page.getByLabel("Samples").fill("4");
  await page.getByLabel("Runs on").selectOption("browser-wasm");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.waitForURL(/build=optimism-2/);
  await page.getByRole("button", { name: "Lend this browser (WASM)" }).click();
  await isDone(page, "optimism-2");
  const linesOf = async (build: string) => {
    const { datasets } = await (await page.request.get(`${app.url}/api/caa/datasets/${build}`)).json();
    const lines = await readFile(path.join(app.home, "datasets/caa", build, datasets[0].file), "utf8");
    return lines.trim().split("\n");
  };
  const lent = await linesOf("optimism-2");
  expect(lent).toHaveLength(4);
  expect(await linesOf("optimism")).toEqual(expect.arrayContaining(lent));
});

test("a file by an endpoint with faults: mapped, stopped, gone on with after kill -9 of the server", async ({
  page,
  app,
}, info) => {
  let held = false;
  const teacher: JudgeServer = await startJudgeServer({
    behave({ messages }, count) {
      const prompt = messages.map(({ content }) => content).join("\n");
      if (count % 11 === 0) return { kind: "status", status: 500 };
      if (held && count > 30) return { kind: "hang" };
      return {
        kind: "text",
        text: `I would say ${[...prompt].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 99_991, 7)}.`,
      };
    },
  });
  const csv = [
    "who,what",
    ...Array.from({ length: 30 }, (_, at) => `Ada,"On day ${at} the tram stops."`),
  ].join("\n");
  const source = info.outputPath("scenes.csv");
  await writeFile(source, `${csv}\n`);
  held = true;

  await page.goto(`${app.url}/caa`);
  await page.getByRole("button", { name: "New dataset" }).click();
  await page.getByLabel("Any others").fill("patience");
  await page.getByLabel("Source").selectOption("file");
  await page.getByLabel("File", { exact: true }).setInputFiles(source);
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByLabel("Situation", { exact: true }).selectOption("what");
  await page.getByLabel("Character's name").selectOption("who");
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByRole("cell", { name: "On day 0 the tram stops." })).toBeVisible();
  await page.getByLabel("Provider").selectOption("other");
  await page.getByLabel("Address").fill(teacher.url);
  await page.getByLabel("Models").fill("m");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.waitForURL(/build=patience/);
  const folder = path.join(app.home, "datasets/caa/patience");
  await expect.poll(() => teacher.requests.length).toBeGreaterThan(30);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(page.getByRole("heading", { name: /^patience .*stopped$/ })).toBeVisible();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByRole("button", { name: "Stop", exact: true })).toBeVisible();

  const gone = new Promise((resolve) => app.process.once("exit", resolve));
  const { pid } = JSON.parse(await readFile(path.join(app.home, ".tiller/holder.json"), "utf8"));
  process.kill(pid, "SIGKILL");
  await gone;
  held = false;
  const again = await startServer(app.home);
  try {
    await page.goto(`${again.url}/caa?build=patience`);
    await isDone(page, "patience");
    const file = await page.getByRole("link", { name: /^caa_dataset_\d{8}_\d{6}\.jsonl$/ }).textContent();
    const samples = (await readFile(path.join(folder, file ?? ""), "utf8")).trim().split("\n");
    expect(samples).toHaveLength(30);
    const situations = samples.map((line) => /day \d+/.exec(JSON.parse(line).question)?.[0]);
    expect(new Set(situations).size).toBe(30);
  } finally {
    await again.stop();
    await teacher.close();
  }
});
