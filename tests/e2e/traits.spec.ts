import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, expectNoSidewaysScroll, inBothLooks, test } from "./fixtures.ts";

test.describe.configure({ mode: "serial" });
test.use({ homeName: "traits" });

const TRAIT = "mine/kindness";
const PAIRS = [
  [
    "My neighbour's bag had torn in the rain, so I took off my coat and",
    "My neighbour's bag had torn in the rain, so I looked the other way and",
  ],
  [
    "The new boy sat alone at lunch, so I carried my tray over to him and",
    "The new boy sat alone at lunch, so I laughed with the others and",
  ],
] as const;

const side = (page: Page, name: "Positive" | "Negative") =>
  page.getByRole("textbox", { name: `${name} scenarios, one per line` });
const saved = (page: Page) => page.getByRole("status").filter({ hasText: /^Saved at/ });
const file = (home: string, name: string, trait = TRAIT) => path.join(home, "datasets/traits", trait, name);

/** Until the file on disk holds this text. */
async function expectOnDisk(home: string, name: string, text: string): Promise<void> {
  await expect.poll(() => readFile(file(home, name), "utf8").catch(() => null)).toBe(text);
}

const lineTops = (editor: Locator) =>
  editor
    .locator(".cm-line")
    .evaluateAll((lines) => lines.map((line) => Math.round(line.getBoundingClientRect().top)));

test("a trait is made and its pairs are typed, by keyboard alone, and are on disk", async ({ page, app }) => {
  await page.goto(`${app.url}/traits`);
  await expect(page.getByRole("table", { name: "Traits" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "New trait" }).press("Enter");
  await page.getByRole("textbox", { name: "Name" }).fill("Not A Name");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toContainText("is not allowed");
  await page.getByRole("textbox", { name: "Name" }).fill(TRAIT);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/traits\/mine\/kindness/);

  const positive = side(page, "Positive");
  await positive.focus();
  await page.keyboard.type(PAIRS[0][0]);
  await page.keyboard.press("F6");
  await expect(side(page, "Negative")).toBeFocused();
  await page.keyboard.type(PAIRS[0][1]);
  await page.keyboard.press("ControlOrMeta+Enter");
  await page.keyboard.type(PAIRS[1][1]);
  await page.keyboard.press("F6");
  await page.keyboard.type(PAIRS[1][0]);
  await expect(saved(page)).toBeVisible();
  await expectOnDisk(app.home, "positive.txt", `${PAIRS[0][0]}\n${PAIRS[1][0]}\n`);
  await expectOnDisk(app.home, "negative.txt", `${PAIRS[0][1]}\n${PAIRS[1][1]}\n`);
  await expectAccessible(page);
});

test("commands on pairs, and one undo over both sides and over saves", async ({ page, app }) => {
  await page.goto(`${app.url}/traits/${TRAIT}`);
  await side(page, "Positive").focus();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("Alt+s");
  await expectOnDisk(app.home, "positive.txt", `${PAIRS[0][1]}\n${PAIRS[1][0]}\n`);
  await page.keyboard.press("Alt+ArrowDown");
  await expectOnDisk(app.home, "negative.txt", `${PAIRS[1][1]}\n${PAIRS[0][0]}\n`);
  await page.keyboard.press("ControlOrMeta+Shift+k");
  await expectOnDisk(app.home, "positive.txt", `${PAIRS[1][0]}\n`);
  for (let step = 0; step < 3; step++) await page.keyboard.press("ControlOrMeta+z");
  await expectOnDisk(app.home, "positive.txt", `${PAIRS[0][0]}\n${PAIRS[1][0]}\n`);
  await expectOnDisk(app.home, "negative.txt", `${PAIRS[0][1]}\n${PAIRS[1][1]}\n`);

  await page.getByRole("button", { name: "Keys of the editor" }).click();
  await expect(page.getByRole("dialog")).toContainText("Swap the two sides");
  await page.keyboard.press("Escape");
});

test("pairs stand side by side, however long their lines", async ({ page, app }) => {
  await page.goto(`${app.url}/traits/${TRAIT}`);
  const [positive, negative] = [side(page, "Positive"), side(page, "Negative")];
  await positive.focus();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("End");
  await page.keyboard.type(
    " and then, since it would not stop raining, I walked with her to the bus and waited there",
  );
  await expect
    .poll(async () => (await lineTops(positive)).join() === (await lineTops(negative)).join())
    .toBe(true);
  expect((await lineTops(positive)).length).toBe(2);
  await page.keyboard.press("ControlOrMeta+z");
  await expectOnDisk(app.home, "positive.txt", `${PAIRS[0][0]}\n${PAIRS[1][0]}\n`);
});

test("a weak ending and a missing partner are told while typing, and mended from the mark", async ({
  page,
  app,
}) => {
  await page.goto(`${app.url}/traits/${TRAIT}`);
  await side(page, "Positive").focus();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.press("ControlOrMeta+Enter");
  await page.keyboard.type("My colleague had lost her keys, so I");
  const findings = page.getByRole("listitem");
  await expect(page.locator(".cm-lintRange").first()).toBeVisible();
  await findings.getByRole("button", { name: "Go to positive line 3" }).first().click();
  await expect(side(page, "Positive")).toBeFocused();

  await expect(findings.getByRole("button", { name: "Go to negative line 3" })).toHaveCount(0);
  await side(page, "Negative").focus();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("Enter");
  const shifted = findings.filter({ hasText: "every pair below shifts" });
  await expect(shifted).toBeVisible();
  await shifted.getByRole("button", { name: "Remove the blank line" }).click();
  await expect(shifted).toHaveCount(0);
  // The third pair's other side is still to be written.
  await expectOnDisk(app.home, "negative.txt", `${PAIRS[0][1]}\n${PAIRS[1][1]}\n\n`);
});

test("definition and steering questions are saved beside the pairs", async ({ page, app }) => {
  await page.goto(`${app.url}/traits/${TRAIT}`);
  await page.getByRole("textbox", { name: "Definition" }).fill("HIGH: it helps.\nLOW: it harms.");
  await page.getByRole("button", { name: "Add a question" }).click();
  await page.getByRole("textbox", { name: "Question 2" }).fill("What did you do today?");
  await expectOnDisk(app.home, "definition.txt", "HIGH: it helps.\nLOW: it harms.\n");
  await expect
    .poll(async () => JSON.parse(await readFile(file(app.home, "steering.json"), "utf8")).questions[1])
    .toBe("What did you do today?");
});

test("a file that another program changed is never overwritten unasked: the two are merged", async ({
  page,
  app,
}) => {
  const before = `${PAIRS[0][0]}\n${PAIRS[1][0]}\nMy colleague had lost her keys, so I\n`;
  await expectOnDisk(app.home, "positive.txt", before);
  await page.goto(`${app.url}/traits/${TRAIT}`);
  await side(page, "Positive").focus();
  await writeFile(
    file(app.home, "positive.txt"),
    before.replace("so I\n", "so he\n").replace("torn", "burst"),
  );
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type(" helped");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Merge" })).toBeDisabled();
  await expectOnDisk(app.home, "positive.txt", before.replace("so I\n", "so he\n").replace("torn", "burst"));
  await expectAccessible(page);
  await dialog.getByRole("radio", { name: /^Mine/ }).check();
  await dialog.getByRole("button", { name: "Merge" }).click();
  await expect(dialog).toBeHidden();
  await expectOnDisk(
    app.home,
    "positive.txt",
    before.replace("so I\n", "so I helped\n").replace("torn", "burst"),
  );
  await expect(saved(page)).toBeVisible();
});

test("two windows on one trait lose no line", async ({ page, context, app }) => {
  const trait = "mine/shared";
  const lines = ["I saw the gate and", "I heard the bell and", "I met the clerk and"];
  const texts = { "positive.txt": `${lines.join("\n")}\n`, "negative.txt": `${lines.join("\n")}\n` };
  const made = await fetch(`${app.url}/api/traits`, {
    method: "POST",
    body: JSON.stringify({ trait, texts }),
  });
  expect(made.ok).toBe(true);
  const onDisk = () => readFile(file(app.home, "positive.txt", trait), "utf8");
  const second = await context.newPage();
  for (const window of [page, second]) {
    await window.goto(`${app.url}/traits/${trait}`);
    await expect(side(window, "Positive")).toContainText("bell");
  }
  await page.bringToFront();
  await side(page, "Positive").focus();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("End");
  await page.keyboard.type(" opened it");
  await expect.poll(onDisk).toContain("gate and opened it");
  // The second window has not heard of it yet, and writes on another line and on the same one.
  await side(second, "Positive").focus();
  await second.keyboard.press("ControlOrMeta+End");
  await second.keyboard.type(" thanked him");
  const dialog = second.getByRole("alertdialog");
  const merged = `${lines[0]} opened it\n${lines[1]}\n${lines[2]} thanked him\n`;
  await expect(dialog.or(side(second, "Positive").getByText("opened it"))).toBeVisible();
  if (await dialog.isVisible()) await dialog.getByRole("button", { name: "Merge" }).click();
  await expect.poll(onDisk).toBe(merged);
  await page.bringToFront();
  await page.reload();
  await expect(side(page, "Positive")).toContainText("thanked him");
});

test("an earlier state is compared with now and restored", async ({ page, app }) => {
  await page.goto(`${app.url}/traits/${TRAIT}?tab=history`);
  const revisions = page.getByRole("list", { name: "Revisions" }).getByRole("button");
  await expect(revisions.first()).toContainText("as now");
  await expectAccessible(page);
  await revisions.filter({ hasText: "found on disk" }).first().click();
  await expect(page.getByRole("heading", { name: /positive\.txt/ })).toBeVisible();
  await page.getByRole("button", { name: "Restore this revision" }).click();
  await expect(page.getByText("It is the same as now.")).toBeVisible();
  await expect.poll(() => readFile(file(app.home, "positive.txt"), "utf8")).toContain("so he\n");
  await page.getByRole("button", { name: "Write" }).click();
  await expect(side(page, "Positive")).toContainText("so he");
});

test("traits are duplicated, renamed, deleted and taken back", async ({ page, app }) => {
  await page.goto(`${app.url}/traits`);
  await page.getByRole("button", { name: `Duplicate ${TRAIT}` }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("mine/copy");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Rename mine/copy" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("mine/warmth");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "mine/warmth" })).toBeVisible();
  await expect(page.getByRole("link", { name: "mine/copy" })).toHaveCount(0);

  await page.getByRole("button", { name: "Delete mine/warmth" }).click();
  await expect(page.getByRole("link", { name: "mine/warmth" })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("link", { name: "mine/warmth" })).toBeVisible();
  await page.getByRole("button", { name: "Delete mine/warmth" }).click();
  await page.getByText("Bin (1)").click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Restore mine/warmth" }).click();
  await expect(page.getByRole("link", { name: "mine/warmth" })).toBeVisible();
  await expectOnDisk(app.home, "definition.txt", "HIGH: it helps.\nLOW: it harms.\n");
});

test("the pages fit a wide and a narrow screen, light and dark", async ({ page, app }, info) => {
  await inBothLooks(page, async (name) => {
    for (const [what, route] of [
      ["list", "/traits"],
      ["write", `/traits/${TRAIT}`],
      ["bundled", "/traits/demo/optimism"],
      ["history", `/traits/${TRAIT}?tab=history`],
    ] as const) {
      await page.goto(`${app.url}${route}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      if (what === "write" || what === "bundled") {
        await expect(side(page, "Positive")).toBeVisible();
        await expect(page.getByText("Looking through the lines …")).toBeHidden();
      }
      if (what === "history") await expect(page.getByRole("list", { name: "Revisions" })).toBeVisible();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await page.screenshot({ path: info.outputPath(`${what}-${name}.png`), fullPage: true });
    }
  });
});
