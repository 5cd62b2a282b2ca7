import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import { type JudgeServer, startJudgeServer } from "../../lib/testing/judge-server.ts";
import type { RunningServer } from "../support/server.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, inBothLooks, test } from "./fixtures.ts";

test.describe.configure({ mode: "serial" });
test.use({ homeName: "vet" });

const TRAIT = "mine/hope";
const EXPERIMENT = "loop";
const texts = {
  "positive.txt": [
    "The roof leaked again, and I was sure it would be better by",
    "They asked about the harvest, and I said it looked bright and",
    "My sister wrote from the coast, and I answered that",
    "The bridge was closed, and I felt hopeful as I",
  ],
  "negative.txt": [
    "The roof leaked again, and I knew it would get worse by",
    "They asked about the harvest, and I said it was lost and",
    "My sister wrote from the coast, and I answered that all was gloom and",
    "The bridge was closed, and I felt doom as I",
  ],
  "definition.txt": ["HIGH: it expects good things.", "LOW: it expects bad things."],
  "steering.json": ['{"questions": ["How will it go?"]}'],
};

let judge: JudgeServer;
/** This many answers are given at once, the others wait for `released`. */
let atOnce = Number.POSITIVE_INFINITY;
let released = Promise.resolve();
let held = 0;

test.beforeAll(async ({ app }) => {
  judge = await startJudgeServer({
    async before() {
      if (atOnce-- > 0) return;
      held++;
      await released;
    },
  });
  const body = Object.fromEntries(
    Object.entries(texts).map(([file, lines]) => [file, `${lines.join("\n")}\n`]),
  );
  const made = await fetch(`${app.url}/api/traits`, {
    method: "POST",
    body: JSON.stringify({ trait: TRAIT, texts: body }),
  });
  expect(made.status).toBe(201);
});

test.afterAll(() => judge.close());

/** Texts that were judged, the judge's own check left out. */
const judged = () =>
  [...judge.answers]
    .filter(([prompt]) => !prompt.includes("100 85 37"))
    .reduce((sum, [, count]) => sum + count, 0);

const vetTab = ({ url }: RunningServer) => `${url}/traits/${TRAIT}?tab=vet&experiment=${EXPERIMENT}`;
const card = (page: Page, title: string) =>
  page.locator("section").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
const scores = (page: Page, side: "Positive" | "Negative") =>
  page
    .locator(".cm-editor", { has: page.getByRole("textbox", { name: `${side} scenarios, one per line` }) })
    .locator(".cm-scores .cm-score");
const runState = (page: Page) => page.getByRole("heading", { name: /^Vetting run/ });

async function responsesOf({ home }: RunningServer) {
  const folder = path.join(home, "experiments", EXPERIMENT, "extraction", TRAIT, "responses");
  const read = async (file: string) =>
    JSON.parse(await readFile(path.join(folder, file), "utf8")) as unknown[];
  return { positive: await read("pos.json"), negative: await read("neg.json") };
}

test("what the built-in judge does not know is told in a line, with the way to another judge", async ({
  page,
  app,
}) => {
  await page.goto(`${app.url}/traits/${TRAIT}`);
  await page.getByRole("button", { name: "Vet", exact: true }).click();
  await expect(page.getByLabel("Experiment")).toHaveValue("sample");
  await page.getByRole("button", { name: "Vet scenarios" }).click();
  const refusal = page.getByRole("alert").filter({ hasText: "knows only" });
  await expect(refusal).toContainText("configure a judge endpoint");
  await refusal.getByRole("button", { name: "Change the judge…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Judge", { exact: true }).fill("nonsense");
  await expect(dialog.getByText("write builtin, or the URL")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
});

test("an experiment is made in the page and the scenarios are vetted: live in the gutter, then in figures", async ({
  page,
  app,
}) => {
  await page.goto(`${app.url}/traits/${TRAIT}?tab=vet`);
  await page.getByRole("button", { name: "New experiment…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(EXPERIMENT);
  await dialog.getByLabel("Judge", { exact: true }).fill(judge.url);
  await dialog.getByLabel("Judge model").fill("scripted");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page).toHaveURL(/experiment=loop/);
  await expect(page.getByText(`at ${judge.url}`)).toBeVisible();

  const scenarios = card(page, "Scenarios");
  await expect(scenarios.getByText(/^8 judge calls/)).toBeVisible();
  // The judge's own check and some texts are answered: the page shows their scores while others are still to come.
  let release = () => {};
  released = new Promise((resolve) => {
    release = resolve;
  });
  atOnce = 4;
  await scenarios.getByRole("button", { name: "Vet scenarios" }).click();
  await expect(runState(page)).toContainText("running");
  await expect.poll(() => held).toBe(5);
  await page.getByRole("button", { name: "Write" }).click();
  await expect
    .poll(async () => (await scores(page, "Positive").count()) + (await scores(page, "Negative").count()))
    .toBeGreaterThan(0);
  expect((await scores(page, "Positive").count()) + (await scores(page, "Negative").count())).toBeLessThan(8);

  await page.goto(vetTab(app));
  await expect(runState(page)).toContainText("running");
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  atOnce = Number.POSITIVE_INFINITY;
  release();
  await expect(runState(page)).toContainText("done");
  expect(judged()).toBe(8);
  await expect(scenarios.getByText("88 %")).toBeVisible();
  await expect(scenarios.getByText("3 of 4 pass")).toBeVisible();
  await expect(scenarios.getByText("4 of 4 pass")).toBeVisible();
  const failed = scenarios.getByRole("list", { name: "scenarios that did not pass" }).getByRole("listitem");
  await expect(failed).toHaveCount(1);
  await expect(failed).toContainText("ambiguous");
  await expect(scenarios.getByRole("link", { name: "Review 1 failure" })).toHaveAttribute(
    "href",
    `/traits/${TRAIT}/review?experiment=${EXPERIMENT}&kind=scenario`,
  );
  const histogram = page.getByRole("group", { name: /^Scores of 4 positive and 4 negative scenarios/ });
  await expect(histogram.locator('[data-bin="50"][data-count="1"]')).toHaveCount(1);
  await expect(scenarios.getByRole("button", { name: "Vet scenarios" })).toBeDisabled();
  await expect(page.getByText("4 pairs: write 11 more")).toBeVisible();
  await expectAccessible(page);
});

test("an edited line loses its score, and only it is judged again", async ({ page, app }) => {
  await page.goto(vetTab(app));
  await page.getByRole("button", { name: "Go to positive line 3" }).click();
  await expect(page.getByRole("textbox", { name: /^Positive/ })).toBeFocused();
  await expect(scores(page, "Positive")).toHaveText(
    ["75 ✓", "75 ✓", "50 ~", "75 ✓"].map((text) => new RegExp(text.slice(-1))),
  );
  await page.keyboard.press("End");
  await page.keyboard.type(" I was hopeful: better");
  await expect(scores(page, "Positive")).toHaveCount(3);
  const status = page.getByRole("button", { name: /^Scenarios 100 % \(1 open\)/ });
  await expect(status).toBeVisible();
  await status.click();

  const scenarios = card(page, "Scenarios");
  await expect(scenarios.getByText(/^1 judge call \(7 more from the cache\)/)).toBeVisible();
  await expect(scenarios.getByText("1 of 8 lines are new or changed since.")).toBeVisible();
  const before = judged();
  await scenarios.getByRole("button", { name: "Re-vet 1 changed" }).click();
  await expect(scenarios.getByText("✓ All 8 scenarios pass.")).toBeVisible();
  await expect(runState(page)).toContainText("done");
  expect(judged()).toBe(before + 1);
  await page.getByRole("button", { name: "Write" }).click();
  await expect(scores(page, "Positive")).toHaveCount(4);
});

test("responses are generated and vetted; after an edit only that line's", async ({ page, app }) => {
  await page.goto(vetTab(app));
  const responses = card(page, "Responses");
  await expect(responses.getByText(/^up to 8 judge calls, 8 model rows/)).toBeVisible();
  await responses.getByRole("button", { name: "Generate and vet responses" }).click();
  await expect(runState(page)).toContainText("done");
  await expect(responses.getByText(/of 4 pass/)).toHaveCount(2);
  const before = await responsesOf(app);

  await page.getByRole("button", { name: "Write" }).click();
  await page
    .getByRole("toolbar", { name: "Scores beside the lines" })
    .getByRole("button", { name: "responses" })
    .click();
  await expect(page).toHaveURL(/scores=response/);
  await expect(scores(page, "Negative")).toHaveCount(4);
  await page.getByRole("textbox", { name: /^Negative/ }).focus();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("End");
  await page.keyboard.type(" the lost");
  await expect(scores(page, "Negative")).toHaveCount(3);
  await page.getByRole("button", { name: /^Scenarios .* · responses .*open/ }).click();

  await expect(
    responses.getByText(/^up to 1 judge call \(7 more from the cache\), 1 model row/),
  ).toBeVisible();
  const calls = judged();
  await responses.getByRole("button", { name: "Re-vet 1 changed" }).click();
  await expect(runState(page)).toContainText("done");
  await expect(responses.getByText("Nothing is new or changed.")).toBeVisible();
  expect(judged() - calls).toBeLessThanOrEqual(1);
  const after = await responsesOf(app);
  expect(after.positive).toEqual(before.positive);
  expect(after.negative.slice(1)).toEqual(before.negative.slice(1));
  expect(after.negative[0]).not.toEqual(before.negative[0]);

  const rounds = card(page, "Rounds");
  await expect(rounds.locator(".recharts-surface").first()).toBeVisible();
  await rounds.getByRole("button", { name: "Table" }).click();
  const rows = rounds.getByRole("row");
  await expect(rows).toHaveCount(5);
  await expect(rows.nth(2)).toContainText("100 %");
  await expect(rows.nth(2).getByRole("cell").last()).toHaveText("1");
});

test("the tab fits a wide and a narrow screen, light and dark", async ({ page, app }, info) => {
  await inBothLooks(page, async (name) => {
    for (const tab of ["vet", "write"]) {
      await page.goto(`${app.url}/traits/${TRAIT}?tab=${tab}&experiment=${EXPERIMENT}`);
      if (tab === "vet") await expect(card(page, "Rounds").locator(".recharts-line").first()).toBeVisible();
      else await expect(scores(page, "Positive").first()).toBeVisible();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await page.screenshot({ path: info.outputPath(`${tab}-${name}.png`), fullPage: true });
    }
  });
});
