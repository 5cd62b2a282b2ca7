import { readFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import OpenAI from "openai";
import { expect, expectAccessible, expectNoSidewaysScroll, inBothLooks, test } from "./fixtures.ts";

const TRAIT = "demo/optimism";

test.describe.configure({ mode: "serial" });
test.use({ homeName: "sample" });

test("a newcomer finds the sample ready to run, in light, dark and on a phone", async ({
  page,
  app,
}, info) => {
  await inBothLooks(page, async (name) => {
    await page.goto(app.url);
    await expect(page.getByRole("button", { name: /^Run it/ })).toBeVisible();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.screenshot({ path: info.outputPath(`home-${name}.png`), fullPage: true });
  });
});

test("the sample runs from the page: plan, seven live stages, results beside their floors", async ({
  page,
  app,
}) => {
  test.setTimeout(900_000);
  await page.goto(`${app.url}/experiments/sample`);
  await expect(page.getByRole("table", { name: "Stages by trait" })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Run…" }).click();
  const dialog = page.getByRole("dialog");
  for (const trait of ["demo/confidence", "demo/formality", "demo/refusal"]) {
    await dialog.getByRole("checkbox", { name: trait }).uncheck();
  }
  await expect(dialog.getByText(`--traits ${TRAIT}`)).toBeVisible();
  await expect(dialog.getByText("Judge calls")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Start the run" }).click();

  await page.waitForURL(/\/runs\//);
  await expect(page.locator("[data-stage=vet-scenarios]")).toHaveAttribute("data-state", /running|done/);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText(/paused$/).first()).toBeVisible();
  await page.getByRole("button", { name: "Resume" }).click();
  for (const stage of [
    "vet-scenarios",
    "generate",
    "vet-responses",
    "capture",
    "extract",
    "evaluate",
    "steer",
  ]) {
    await expect(page.locator(`[data-stage=${stage}]`)).toHaveAttribute("data-state", /done|current/, {
      timeout: 600_000,
    });
  }
  const row = page.getByRole("row", { name: new RegExp(TRAIT) });
  await expect(row).toBeVisible({ timeout: 60_000 });
  await expect(row).toContainText("layer");
  await expectAccessible(page);
});

test("every figure of the vectors page is the file's, and the best cell is marked", async ({ page, app }) => {
  const file = path.join(app.home, "experiments/sample/extraction/extraction_evaluation.json");
  const rows = (JSON.parse(await readFile(file, "utf8")).all_results as Record<string, unknown>[]).filter(
    ({ trait }) => trait === TRAIT,
  );
  await page.goto(`${app.url}/experiments/sample/vectors`);
  const grid = page.getByRole("grid", { name: "AUROC by layer and method" });
  await expect(grid.getByRole("gridcell")).toHaveCount(rows.length);
  for (const row of rows) {
    const cell = grid.getByRole("gridcell", { name: new RegExp(`^${row.method}, layer ${row.layer}:`) });
    await expect(cell).toHaveAttribute("data-value", String(row.val_auroc));
  }
  const best = rows
    .filter(({ method }) => method !== "random")
    .reduce((a, b) => (Number(b.combined_score) > Number(a.combined_score) ? b : a));
  await expect(grid.getByRole("gridcell", { name: /\(best\)$/ })).toHaveAccessibleName(
    new RegExp(`^${best.method}, layer ${best.layer}:`),
  );
  await expectAccessible(page);

  await page.getByRole("button", { name: "Table" }).first().click();
  await expect(page.getByRole("table", { name: "AUROC by layer and method" }).getByRole("row")).toHaveCount(
    rows.length + 1,
  );
});

test("from the experiment to the best cell, its samples, and a chat with that vector loaded", async ({
  page,
  app,
}) => {
  const file = path.join(app.home, "experiments/sample/steering", TRAIT, "response_all/results.json");
  const { best, questions } = JSON.parse(await readFile(file, "utf8"));
  await page.goto(`${app.url}/experiments/sample`);
  await page.getByRole("link", { name: "Steering" }).first().click();
  await page.waitForURL(/\/steering/);
  const delta = page.getByRole("grid", { name: /^Change of the trait's score/ });
  await delta.getByRole("gridcell", { name: /\(best\)$/ }).click();
  const samples = page.getByRole("listitem").filter({ hasText: "Baseline" });
  await expect(samples).toHaveCount(questions.length);
  await page.getByRole("link", { name: "Try in chat" }).last().click();
  await page.waitForURL(/\/steer\?v=/);
  await expect(page.getByRole("combobox", { name: "Layer" })).toHaveValue(String(best.layer));
  const coefficient = page.getByRole("spinbutton", { name: "Coefficient (raw)" });
  expect(Number(await coefficient.inputValue())).toBeCloseTo(best.coef, 3);

  await page.getByRole("textbox", { name: "Message" }).fill(questions[0]);
  await page.keyboard.press("Enter");
  const textOf = async (side: string) => {
    const pane = page.getByRole("region", { name: `${side} answer` });
    await expect(pane).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
    return pane.locator(".font-mono").first().textContent();
  };
  const baseline = await textOf("Baseline");
  const steered = await textOf("Steered");
  expect(steered).not.toBe(baseline);
  await page.getByRole("checkbox", { name: "Answer again as settings change" }).check();
  const slider = page.getByRole("slider", { name: "Strength" });
  await slider.fill("0");
  await expect.poll(() => textOf("Steered")).toBe(baseline);
  await slider.fill("-1");
  await expect.poll(() => textOf("Steered")).not.toBe(baseline);

  // The same vector, asked by OpenAI's own client.
  const made = await page.request.post(`${app.url}/api/settings/api-tokens`, { data: { name: "sample" } });
  const client = new OpenAI({ baseURL: `${app.url}/api/v1`, apiKey: (await made.json()).token });
  const vectors = [
    { experiment: "sample", trait: TRAIT, method: best.method, layer: best.layer, coef: best.coef },
  ];
  const chunks = await client.chat.completions.create({
    model: "demo",
    messages: [{ role: "user", content: questions[0] }],
    temperature: 0,
    max_tokens: 120,
    stream: true,
    ...{ steering: { vectors } },
  });
  let streamed = "";
  for await (const { choices } of chunks) streamed += choices[0]?.delta.content ?? "";
  expect(streamed).toBe(steered);
});

test("requests by another name or from another site are refused", async ({ app }) => {
  const ask = (method: string, headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const url = new URL("/api/runs", app.url);
      const request = http.request(
        { host: "127.0.0.1", port: url.port, path: url.pathname, method, headers },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        },
      );
      request.once("error", reject);
      request.end();
    });
  expect(await ask("GET", { host: "evil.example" })).toBe(403);
  expect(await ask("POST", { host: new URL(app.url).host, origin: "https://evil.example" })).toBe(403);
  expect(await ask("GET", { host: new URL(app.url).host })).toBe(200);
});

test("what is not there is said in one line", async ({ page, app }) => {
  await page.goto(`${app.url}/experiments/nothing`);
  await expect(page.getByRole("alert").filter({ hasText: "nothing" })).toBeVisible();
  await page.goto(`${app.url}/runs/none`);
  await expect(page.getByRole("alert").filter({ hasText: "none" })).toBeVisible();
});
