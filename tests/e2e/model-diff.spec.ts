import { readFile } from "node:fs/promises";
import path from "node:path";
import {
  copyDemoModel,
  flipWeights,
  plantedExperiment,
  plantResponses,
} from "../../lib/testing/planted-responses.ts";
import { smallTrait } from "../../lib/testing/small-home.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, inBothLooks, runDone, test } from "./fixtures.ts";

test.describe.configure({ mode: "serial" });
test.use({ homeName: "model-diff" });

const place = `/experiments/${plantedExperiment}/vectors?trait=${smallTrait}&method=mean_diff&layer=2`;

test.beforeAll(async ({ app }) => {
  test.setTimeout(120_000);
  plantResponses(app.home, 15, 3);
  const post = await fetch(`${app.url}/api/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ experiment: plantedExperiment, stages: ["capture", "extract", "evaluate"] }),
  });
  const { run_id } = await post.json();
  await runDone(app, run_id);
});

test("a vector is compared on another model: progress, figures of the file, answers; it is there again later", async ({
  page,
  app,
}, info) => {
  const card = page
    .locator("section")
    .filter({ has: page.getByRole("heading", { name: "On another model", level: 2 }) });
  await page.goto(`${app.url}${place}`);
  await expect(card.getByText("tiller models add")).toBeVisible();

  copyDemoModel(app.home, "flipped", { "onnx/model.onnx": flipWeights });
  copyDemoModel(app.home, "narrow", {
    "config.json": (bytes) => Buffer.from(JSON.stringify({ ...JSON.parse(String(bytes)), hidden_size: 64 })),
  });
  await page.reload();
  await expect(
    card.getByRole("option", { name: "narrow: its width is 64, the vector's 192" }),
  ).toBeDisabled();
  await card.getByLabel("Ratio").fill("much");
  await expect(card.getByText("Write a number above 0.")).toBeVisible();
  await card.getByLabel("Ratio").fill("0.9");
  await card.getByLabel("Questions").fill("2");
  const compare = card.getByRole("button", { name: "Compare" });
  const table = card.getByRole("table");
  await compare.click();
  await card.getByRole("button", { name: "Cancel" }).click();
  await expect(compare).toBeEnabled();
  await expect(table).toBeHidden();
  await compare.click();
  await expect(table).toBeVisible({ timeout: 60_000 });

  const file = path.join(
    app.home,
    `experiments/${plantedExperiment}/model_diff/${smallTrait}/mean_diff-layer2-flipped.json`,
  );
  const { separation, steering } = JSON.parse(await readFile(file, "utf8"));
  for (const [side, column] of [
    ["a", 1],
    ["b", 2],
  ] as const) {
    const cell = (name: string) => table.getByRole("row", { name }).getByRole("cell").nth(column);
    await expect(cell("AUROC")).toContainText(separation[side].val_auroc.toFixed(3));
    await expect(cell("trait delta")).toContainText(steering[side].delta.toFixed(1).replace("-", "−"));
    await expect(cell("coefficient")).toHaveText((0.9 * steering[side].base_norm).toFixed(2));
  }
  await page.reload();
  await expect(table).toBeVisible();
  await card.getByText("Answers of both models (2 questions)").click();
  for (const { question, a, b } of steering.answers) {
    const item = card.getByRole("listitem").filter({ hasText: question });
    for (const text of [a.baseline, a.steered, b.baseline, b.steered].map(({ answer }) => answer.trim()))
      if (text !== "") await expect(item).toContainText(text);
  }
  await inBothLooks(page, async (name) => {
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await card.screenshot({ path: info.outputPath(`model-diff-${name}.png`) });
  });
});
