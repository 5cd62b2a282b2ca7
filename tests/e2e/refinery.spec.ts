import { readFile } from "node:fs/promises";
import path from "node:path";
import { uploadPartBytes } from "../../lib/builds/api.ts";
import { jsonl, planLine } from "../../lib/testing/refinery-data.ts";
import { type RefineryServer, startRefineryServer } from "../../lib/testing/refinery-server.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, inBothLooks, test } from "./fixtures.ts";

test.use({ homeName: "refinery" });

let teacher: RefineryServer;
test.beforeAll(async () => {
  teacher = await startRefineryServer();
});
test.afterAll(() => teacher.close());

const plan = [
  planLine("good"),
  planLine("mended", { marks: ["mended"] }),
  planLine("certain", { marks: ["certain"], category: "safety" }),
  planLine("dropped", { marks: ["reject"] }),
  planLine("pairs", { payload_type: "contrast_pairs", category: "trait" }),
];

test("a plan becomes accepted and rejected records; a rejected one is tried again; files come out", async ({
  page,
  app,
}) => {
  await page.goto(`${app.url}/refinery`);
  await expect(page.getByText("No builds yet")).toBeVisible();
  await expect(page.getByText("Write at least one topic, or choose a plan.")).toBeVisible();
  await page.setViewportSize({ width: 390, height: 900 });
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByLabel("Plan", { exact: true }).selectOption("file");
  // A little longer than a part: it goes up in two, once, though the second is lost on its way at first.
  const buffer = Buffer.from(`${jsonl(plan)}no JSON\n${" ".repeat(uploadPartBytes)}\n`);
  const arrived: string[] = [];
  let lost = 0;
  await page.route(/\/uploads\/plan\.jsonl\?/, async (route) => {
    const offset = new URL(route.request().url()).searchParams.get("offset");
    if (route.request().method() === "PUT" && offset !== "0" && lost++ === 0) return route.abort();
    if (offset !== null) arrived.push(offset);
    return route.continue();
  });
  await page
    .getByLabel("Plan: file")
    .setInputFiles({ name: "my-plan.jsonl", mimeType: "text/plain", buffer });
  await page.getByLabel("Provider").selectOption("other");
  await page.getByLabel("Address").fill(teacher.url);
  await page.getByLabel("Models").fill("m");
  await page.getByLabel("Name", { exact: true }).fill("towns");
  await page.getByRole("button", { name: "Check the inputs" }).click();
  await expect(
    page.getByText("0 calls for the plan, 5 for drafts, 5 for critiques, 5 to refine"),
  ).toBeVisible();
  await expect(page.getByText("plan.jsonl:6:1: malformed JSON")).toBeVisible();
  expect(teacher.requests).toHaveLength(0);
  expect(arrived).toEqual(["0", String(uploadPartBytes)]);

  await page.getByRole("button", { name: "Start" }).click();
  await expect(page).toHaveURL(/build=towns/);
  expect(arrived).toHaveLength(2);
  await expect(page.getByRole("heading", { name: "towns done" })).toBeVisible();
  const bar = (name: string) => page.locator(`[data-bar="${name}"]`);
  await expect(bar("planned")).toHaveAttribute("data-count", "5");
  await expect(bar("refined")).toHaveAttribute("data-count", "4");
  await expect(bar("accepted")).toHaveAttribute("data-count", "2");
  await expect(bar("overconfident")).toHaveAttribute("data-count", "1");
  await expect(page.getByText("1 rejected by their critique, 0 without a draft")).toBeVisible();

  await page.getByLabel("Outcome").selectOption("rejected");
  await page.getByLabel("Category").selectOption("safety");
  await expect(page).toHaveURL(/outcome=rejected&category=safety/);
  await page.getByRole("button", { name: "Show details of certain" }).click();
  const record = page.locator('[data-record="certain"]');
  await expect(record.getByText('phrases: ["guaranteed"]')).toBeVisible();
  await expect(record.getByText("Say how the reader checks the hours.")).toBeVisible();
  await expect(record.getByText("Entry is guaranteed.")).toBeVisible();
  await inBothLooks(page, async () => {
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });

  await page.getByLabel("Category").selectOption("");
  await page.getByLabel("Choose mended").check();
  await page.getByRole("button", { name: "Try again (1)" }).click();
  await expect(bar("accepted")).toHaveAttribute("data-count", "3");
  await expect(page.locator('[data-record="mended"]')).toHaveCount(0);

  const folder = path.join(app.home, "datasets/refinery/towns");
  const idsOf = async (text: string) =>
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line).id);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "dataset_v1.jsonl: the accepted records" }).click(),
  ]);
  expect((await idsOf(await readFile(await download.path(), "utf8"))).sort()).toEqual([
    "good",
    "mended",
    "pairs",
  ]);
  expect(await idsOf(await readFile(path.join(folder, "dataset_v1_rejected.jsonl"), "utf8"))).toEqual([
    "certain",
  ]);
  const [pairs] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: /Download the accepted pairs/ }).click(),
  ]);
  expect(JSON.parse(await readFile(await pairs.path(), "utf8"))).toHaveProperty("positive");

  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expectAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("No builds yet")).toBeVisible();
  await expect(page).not.toHaveURL(/build=/);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: /^towns/ }).click();
  await expect(bar("accepted")).toHaveAttribute("data-count", "3");
  await page.getByRole("button", { name: "Delete towns" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Bin (1)").click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Restore towns" }).click();
  await expect(page.getByRole("button", { name: "Delete towns" })).toBeVisible();
});

test("inputs outside the datasets, and no inputs at all, are refused in one line", async ({ app }) => {
  const post = (name: string, request: object) =>
    fetch(`${app.url}/api/builds/refinery`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name, request }),
    });
  const settings = { teacher: { provider: teacher.url, models: ["m"] } };
  const outside = await fetch(`${app.url}/api/refinery/other/plan`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ request: { ...settings, plan: "../../../../secret.jsonl" } }),
  });
  expect((await outside.json()).error.message).toContain("lies outside datasets/");
  const empty = await post("empty", settings);
  expect(empty.status).toBe(400);
  expect((await empty.json()).error.message).toContain("a plan or at least one topic is needed");
});
