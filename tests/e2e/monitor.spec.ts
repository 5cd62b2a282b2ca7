import { readFile } from "node:fs/promises";
import Papa from "papaparse";
import { plantedVector, plantVectors } from "#lib/testing/planted-vectors.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, inBothLooks, test } from "./fixtures.ts";

test.use({ homeName: "monitor" });

const TEXTS = ["The baker opened the shop, and", "It rained all day."];
const VECTORS = "v=planted:demo/wave:mean_diff:2&v=planted:demo/wave:mean_diff:3";

test.beforeAll(({ app }) => {
  const vectors = new Map([2, 3].map((layer) => [layer, plantedVector(192, layer)]));
  plantVectors(app.home, { experiment: "planted", trait: "demo/wave" }, vectors);
});

test("texts are projected by text and by token, and the CSVs hold what the page shows", async ({
  page,
  app,
}, info) => {
  await page.goto(`${app.url}/monitor?${VECTORS}`);
  await page.getByRole("textbox", { name: "Texts, one a line" }).fill(`${TEXTS.join("\n\n")}\n`);
  await page.getByRole("button", { name: "Project 2 texts" }).click();
  const items = page.getByRole("list", { name: "Projected texts" }).getByRole("listitem");
  await expect(items).toHaveCount(2, { timeout: 60_000 });
  const saved = async (button: string) => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: button }).click();
    const text = await readFile(await (await download).path(), "utf8");
    return Papa.parse<string[]>(text, { skipEmptyLines: true }).data;
  };
  const [head, ...texts] = await saved("CSV by text");
  expect(head).toEqual([
    "text",
    "side",
    "tokens",
    "planted:demo/wave:mean_diff:2",
    "planted:demo/wave:mean_diff:3",
  ]);
  expect(texts.map(([text]) => text)).toEqual(TEXTS);
  const [, ...tokens] = await saved("CSV by token");
  for (const [at, text] of TEXTS.entries()) {
    const own = tokens.filter(([row]) => Number(row) === at + 1);
    expect(own.map(([, , token]) => token).join("")).toBe(text);
    for (const vector of [0, 1]) {
      const values = own.map((row) => Number(row[3 + vector]));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(Number(texts[at]?.[3 + vector])).toBeCloseTo(mean, 9);
      await expect(items.nth(at).locator("[data-mean]").nth(vector)).toHaveAttribute(
        "data-mean",
        texts[at]?.[3 + vector] ?? "",
      );
    }
    const shown = items.nth(at).locator("[data-projection]");
    expect(
      await shown.evaluateAll((spans) => spans.map((span) => span.getAttribute("data-projection"))),
    ).toEqual(own.map((row) => row[3]));
  }
  await inBothLooks(page, async (look) => {
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.screenshot({ path: info.outputPath(`monitor-${look}.png`), fullPage: true });
  });
});

test("a trait's lines and a file's column are read; what cannot be is said", async ({ page, app }) => {
  await page.goto(`${app.url}/monitor?${VECTORS}`);
  await page.getByRole("combobox", { name: "or the lines of a trait" }).selectOption("demo/optimism");
  await page.getByRole("button", { name: /^Project \d\d\d texts$/ }).click();
  const items = page.getByRole("list", { name: "Projected texts" }).getByRole("listitem");
  await expect(items.first()).toContainText("(+)", { timeout: 60_000 });
  await page.getByRole("combobox", { name: "Order" }).selectOption("high");
  const means = await items.evaluateAll((all) =>
    all.map((one) => Number(one.querySelector("[data-mean]")?.getAttribute("data-mean"))),
  );
  expect(means).toHaveLength(100);
  expect(means).toEqual(means.toSorted((a, b) => b - a));
  const choose = async (name: string, text: string) => {
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Open a file…" }).click();
    await (await choosing).setFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  };
  await choose("notes.csv", "id,answer\n1,All is well\n2,All is lost\n");
  await expect(page.getByRole("combobox", { name: "Column with the text" })).toHaveValue("answer");
  await expect(page.getByRole("button", { name: "Project 2 texts" })).toBeEnabled();
  await choose("notes.csv", "");
  await expect(page.getByText("it is empty: name the columns in its first row")).toBeVisible();
  await page.getByRole("textbox", { name: "Texts, one a line" }).fill("word ".repeat(700));
  await page.getByRole("button", { name: "Project 1 text" }).click();
  await expect(page.getByText(/the model reads 512: shorten it/)).toBeVisible({ timeout: 60_000 });
});
