import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoSidewaysScroll, inBothLooks, test } from "./fixtures.ts";

test.describe.configure({ mode: "serial" });
test.use({ homeName: "trait-import" });

const TRAIT = "mine/calm";
const OWN = { positive: "He breathed in, so he\n", negative: "He lost his temper, so he\n" };
const folder = (home: string, trait = TRAIT) => path.join(home, "datasets/traits", trait);
const onDisk = (home: string, name: string, trait = TRAIT) =>
  readFile(path.join(folder(home, trait), name), "utf8");
const side = (page: Page, name: "Positive" | "Negative") =>
  page.getByRole("textbox", { name: `${name} scenarios, one per line` });
const status = (page: Page) => page.getByRole("dialog").getByRole("status");

async function makeTrait(home: string): Promise<void> {
  await mkdir(folder(home), { recursive: true });
  await writeFile(path.join(folder(home), "positive.txt"), OWN.positive);
  await writeFile(path.join(folder(home), "negative.txt"), OWN.negative);
}

/** Drops files on the middle of the page, as a file manager does. */
async function drop(page: Page, files: Record<string, string | number[]>, onto = "body"): Promise<void> {
  const data = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const [name, content] of Object.entries(given)) {
      const part = typeof content === "string" ? content : new Uint8Array(content);
      transfer.items.add(new File([part], name));
    }
    return transfer;
  }, files);
  await page.dispatchEvent(onto, "dragenter", { dataTransfer: data });
  await expect(page.getByText("Drop to look at what is in it")).toBeVisible();
  await page.dispatchEvent(onto, "drop", { dataTransfer: data });
  await expect(page.getByText("Drop to look at what is in it")).toBeHidden();
}

const CSV = [
  "id,shows it,shows the opposite",
  '1,"The train was late again, so I",The train was late and I kicked the',
  "2,,The tea was cold and I",
  "3,My son spilt the milk, so I,too,many",
  '4,"HE  breathed in, so he","He lost his temper, so he"',
  '5,"He breathed in, so he","He lost his temper, so he"',
  "6,She was rude to me and I smiled and,She was rude to me and I shouted that",
].join("\n");

test("a dropped CSV is mapped by keyboard, its bad lines are named, and cancelling writes nothing", async ({
  page,
  app,
}) => {
  await makeTrait(app.home);
  await page.goto(`${app.url}/traits/${TRAIT}`);
  await expect(side(page, "Positive")).toContainText("He breathed in");
  await drop(page, { "pairs.csv": CSV }, ".cm-content");
  const dialog = page.getByRole("dialog", { name: "Import pairs" });
  await expect(dialog).toContainText("pairs.csv: CSV, 3 columns");
  await expect(dialog.getByRole("button", { name: /^Add/ })).toBeDisabled();

  const positive = dialog.getByRole("combobox", { name: "+ Positive", exact: true });
  await positive.focus();
  await page.keyboard.type("shows it");
  await page.keyboard.press("Tab");
  await page.keyboard.type("shows the");
  await expect(dialog.getByRole("combobox", { name: "− Negative", exact: true })).toHaveValue(
    "shows the opposite",
  );
  await expect(dialog.getByText("pairs.csv:3: shows it: is blank")).toBeVisible();
  await expect(dialog.getByText(/^pairs\.csv:4: 5 cells for 3 columns/)).toBeVisible();
  await expect(dialog.getByText("there already: left out")).toHaveCount(1);
  await expect(dialog.getByText("there but for capitals and spaces")).toHaveCount(1);
  await expect(status(page)).toContainText("3 of 4 pairs are taken");
  await expectAccessible(page);

  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "Import…" })).toBeFocused();
  await expect(side(page, "Positive")).toHaveText("He breathed in, so he");
  expect([await onDisk(app.home, "positive.txt"), await onDisk(app.home, "negative.txt")]).toEqual([
    OWN.positive,
    OWN.negative,
  ]);
});

test("what is confirmed is appended as one step that undo takes back, and its export imports to the same pairs", async ({
  page,
  app,
}) => {
  await page.goto(`${app.url}/traits/${TRAIT}`);
  await expect(side(page, "Positive")).toContainText("He breathed in");
  await drop(page, { "pairs.csv": CSV });
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "+ Positive", exact: true }).selectOption("shows it");
  await dialog.getByRole("combobox", { name: "− Negative", exact: true }).selectOption("shows the opposite");
  await dialog.getByRole("checkbox", { name: /only in capitals/ }).press("Space");
  await dialog.getByRole("button", { name: "Add 2 pairs" }).press("Enter");
  await expect(dialog).toBeHidden();
  const added = {
    positive: `${OWN.positive}The train was late again, so I\nShe was rude to me and I smiled and\n`,
    negative: `${OWN.negative}The train was late and I kicked the\nShe was rude to me and I shouted that\n`,
  };
  await expect.poll(() => onDisk(app.home, "positive.txt")).toBe(added.positive);
  await expect.poll(() => onDisk(app.home, "negative.txt")).toBe(added.negative);

  await side(page, "Positive").focus();
  await page.keyboard.press("ControlOrMeta+z");
  await expect.poll(() => onDisk(app.home, "positive.txt")).toBe(OWN.positive);
  await expect.poll(() => onDisk(app.home, "negative.txt")).toBe(OWN.negative);
  await page.keyboard.press("ControlOrMeta+y");
  await expect.poll(() => onDisk(app.home, "negative.txt")).toBe(added.negative);

  await page.getByRole("button", { name: "Export…" }).click();
  await expectAccessible(page);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("calm.csv");
  const csv = await readFile(await download.path(), "utf8");
  await drop(page, { "calm.csv": csv });
  await expect(dialog.getByText("There is nothing to take.")).toBeVisible();
  await dialog.getByRole("radio", { name: /^Replace/ }).check();
  await dialog.getByRole("button", { name: "Replace 3 pairs by 3" }).click();
  await expect(dialog).toBeHidden();
  await expect(side(page, "Positive")).toContainText("She was rude");
  expect(await onDisk(app.home, "positive.txt")).toBe(added.positive);

  await page.getByRole("button", { name: "History" }).click();
  const revision = page
    .getByRole("list", { name: "Revisions" })
    .getByRole("button")
    .filter({ hasText: "imported" });
  await expect(revision.first()).toContainText("pairs.csv");
});

test("system prompts make it JSON Lines, which is said before; a persona brings definition and questions", async ({
  page,
  app,
}) => {
  await page.goto(`${app.url}/traits/${TRAIT}`);
  await expect(side(page, "Positive")).toContainText("He breathed in");
  const persona = {
    instruction: [{ pos: "You are calm.", neg: "You are angry." }],
    questions: ["The bus is late. What now?", "Who are you?"],
    eval_prompt: "How calm is it? {question} {answer}\nHIGH: calm.",
  };
  await drop(page, { "calm.json": JSON.stringify(persona) });
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("checkbox", { name: "Take its definition, too" })).toBeChecked();
  await expect(status(page)).toContainText("the trait's .txt files become .jsonl ones");
  await dialog.getByRole("button", { name: "Add 2 pairs" }).click();
  await expect.poll(() => onDisk(app.home, "positive.jsonl").catch(() => "")).toContain("You are calm.");
  expect((await onDisk(app.home, "negative.jsonl")).trim().split("\n")).toHaveLength(5);
  await expect(onDisk(app.home, "positive.txt")).rejects.toThrow("ENOENT");
  await expect(side(page, "Positive")).toContainText('{"prompt":"Who are you?"');
  await expect(page.getByRole("textbox", { name: "Definition" })).toHaveValue(/HIGH: calm/);
  await page.getByRole("textbox", { name: "Question 2" }).fill("And now?");
  await expect.poll(() => onDisk(app.home, "steering.json")).toContain("And now?");
});

test("what cannot be read is refused with file and line", async ({ page, app }) => {
  await page.goto(`${app.url}/traits/${TRAIT}`);
  await expect(side(page, "Positive")).toContainText("He breathed in");
  const before = await onDisk(app.home, "positive.jsonl");
  const alert = page.getByRole("dialog").getByRole("alert");
  for (const [name, content, message] of [
    ["photo.png", [0x89, 0x50, 0x4e, 0x47], "photo.png: a folder, two .txt files, or a .csv"],
    ["latin.csv", [0x61, 0x0a, 0xe9], "latin.csv:2: not UTF-8 text"],
    ["list.json", "[1, 2]", "list.json: the whole"],
    ["huge.csv", "x".repeat(20 * 2 ** 20), "huge.csv: 20.0 MiB are more than an import takes"],
  ] as const) {
    await drop(page, { [name]: typeof content === "string" ? content : [...content] });
    await expect(alert).toContainText(message);
  }
  for (const [name, content, problem] of [
    ["empty.csv", "", "empty.csv: it is empty"],
    ["open.csv", 'positive,negative\na,b\n"c,d\ne,f\n', "open.csv:3: a quoted cell does not end"],
    ["odd.jsonl", '{"positive":"a","negative":"b"}\n[1]\n', "odd.jsonl:2: no object"],
    [
      "long.csv",
      `positive,negative\na,${"b".repeat(9000)}\n`,
      "long.csv:2: negative: 9000 bytes are too long",
    ],
  ] as const) {
    await drop(page, { [name]: content });
    await expect(page.getByRole("dialog").getByText(problem)).toBeVisible();
  }
  await page.keyboard.press("Escape");
  expect(await onDisk(app.home, "positive.jsonl")).toBe(before);
});

test("two text files become a new trait, and folders several", async ({ page, app }) => {
  await page.goto(`${app.url}/traits`);
  await expect(page.getByRole("table", { name: "Traits" })).toBeVisible();
  await drop(page, { "my_neg.txt": "c\n\nd\n", "my_pos.txt": "a\nb\n" });
  const dialog = page.getByRole("dialog", { name: "Import traits" });
  await expect(dialog.getByRole("list", { name: "Preview" }).getByRole("listitem")).toHaveText([
    /\+a.*−c/,
    /\+b.*−d/,
  ]);
  const name = dialog.getByRole("textbox", { name: "Name of the new trait" });
  await name.fill(TRAIT);
  await expect(dialog).toContainText(`${TRAIT} is there already`);
  await expect(dialog.getByRole("button", { name: "Make a trait of 2 pairs" })).toBeDisabled();
  await name.fill("mine/letters");
  await name.press("Enter");
  await page.waitForURL(/\/traits\/mine\/letters/);
  expect(await onDisk(app.home, "negative.txt", "mine/letters")).toBe("c\nd\n");

  await page.goto(`${app.url}/traits`);
  await page.getByRole("button", { name: "Import…" }).click();
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose a folder…" }).click();
  await (await choosing).setFiles(path.resolve("datasets/traits/demo"));
  await expect(
    dialog.getByRole("list", { name: "Traits found" }).getByRole("listitem").first(),
  ).toContainText("demo/");
  await expectAccessible(page);
  await expect(dialog.getByText("demo/optimism is there already: choose another name")).toBeVisible();
  for (const box of await dialog.getByRole("checkbox").all()) await box.uncheck();
  await dialog.getByRole("checkbox", { name: "Import demo/optimism" }).check();
  await dialog.getByRole("textbox", { name: "Name of demo/optimism" }).fill("mine/hope");
  await dialog.getByRole("button", { name: "Import 1 trait" }).click();
  await page.waitForURL(/\/traits\/mine\/hope/);
  for (const file of ["positive.txt", "negative.txt", "definition.txt", "steering.json"]) {
    expect(await onDisk(app.home, file, "mine/hope")).toBe(
      await readFile(path.resolve("datasets/traits/demo/optimism", file), "utf8"),
    );
  }
});

test("a file that changed on disk behind the dialog is not overwritten by the import", async ({
  page,
  app,
}) => {
  await page.goto(`${app.url}/traits/mine/letters`);
  await expect(side(page, "Positive")).toContainText("a");
  await drop(page, { "one.csv": "positive,negative\ne,f\n" });
  await expect(page.getByRole("button", { name: "Add 1 pair" })).toBeEnabled();
  await writeFile(path.join(folder(app.home, "mine/letters"), "positive.txt"), "A\nb\n");
  await page.getByRole("button", { name: "Add 1 pair" }).click();
  const conflict = page.getByRole("alertdialog");
  await expect(conflict).toBeVisible();
  expect(await onDisk(app.home, "positive.txt", "mine/letters")).toBe("A\nb\n");
  await conflict.getByRole("button", { name: "Merge" }).click();
  await expect.poll(() => onDisk(app.home, "positive.txt", "mine/letters")).toBe("A\nb\ne\n");
  await expect.poll(() => onDisk(app.home, "negative.txt", "mine/letters")).toBe("c\nd\nf\n");
});

test("10,000 pairs are previewed and added", async ({ page, app }) => {
  await page.goto(`${app.url}/traits/mine/letters`);
  await expect(side(page, "Positive")).toContainText("A");
  const rows = Array.from(
    { length: 10_000 },
    (_, at) => `scenario ${at} shows it and,scenario ${at} does not and`,
  );
  await drop(page, { "many.csv": `positive,negative\n${rows.join("\n")}\n` });
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("The first 50 of 10,000");
  await dialog.getByRole("button", { name: "Add 10,000 pairs" }).click();
  await expect
    .poll(async () => (await onDisk(app.home, "positive.txt", "mine/letters")).split("\n").length)
    .toBe(10_004);
});

test("the dialog fits a wide and a narrow screen, light and dark", async ({ page, app }, info) => {
  await inBothLooks(page, async (name) => {
    await page.goto(`${app.url}/traits/mine/hope`);
    await expect(side(page, "Positive")).toBeVisible();
    await page.getByRole("button", { name: "Import…" }).click();
    await expectAccessible(page);
    await page.screenshot({ path: info.outputPath(`choose-${name}.png`) });
    await drop(page, { "pairs.csv": CSV.replace("shows it,shows the opposite", "positive,negative") });
    await expect(page.getByRole("button", { name: /^Add/ })).toBeEnabled();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.screenshot({ path: info.outputPath(`pairs-${name}.png`) });
    await page.keyboard.press("Escape");
    await page.screenshot({ path: info.outputPath(`editor-${name}.png`) });
  });
});
