import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { type HumanLabel, lastLabels, parseHumanLabels } from "../../lib/pipeline/human-labels.ts";
import { startWriterServer, type WriterServer } from "../../lib/testing/writer-server.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, inBothLooks, runDone, test } from "./fixtures.ts";

test.describe.configure({ mode: "serial" });
test.use({ homeName: "review" });

const TRAIT = "mine/warmth";
const EXPERIMENT = "lab";
// The scripted judge gives the score that a line begins with; of these seven do not pass.
const SCORES = {
  positive: ["90", "80", "50", "30", "20", "none"],
  negative: ["12", "22", "52", "72", "82", "5"],
};
const ENDS = { positive: "I gave my coat away and", negative: "I looked the other way and" };
const textOf = (side: "positive" | "negative", line: number) =>
  `#${SCORES[side][line - 1]} It rained on day ${line}, so ${ENDS[side]}`;
const fileText = (side: "positive" | "negative") =>
  SCORES[side].map((_, at) => `${textOf(side, at + 1)}\n`).join("");

let judge: WriterServer;

test.beforeAll(async ({ app }) => {
  judge = await startWriterServer({
    judge({ messages }) {
      const [, score] = /<text>#(\w+) /.exec(messages.at(-1)?.content ?? "") ?? [];
      if (score === "none") return { kind: "status", status: 400, message: "refused" };
      return score === undefined ? undefined : { kind: "score", score: Number(score) };
    },
    fix: ({ side, line }) => ({
      line: line.replace(/#\w+ /, side === "positive" ? "#95 " : "#3 "),
      why: "Only one way is left open.",
    }),
  });
  const folder = path.join(app.home, "datasets/traits", TRAIT);
  mkdirSync(folder, { recursive: true });
  for (const side of ["positive", "negative"] as const)
    writeFileSync(path.join(folder, `${side}.txt`), fileText(side));
  writeFileSync(path.join(folder, "definition.txt"), "How kind the person is.\n");
  writeFileSync(path.join(folder, "steering.json"), '{"questions": ["How was it?"]}');
  await post(app.url, "/api/experiments", {
    name: EXPERIMENT,
    config: { extraction_model: "demo", traits: [TRAIT], judge: judge.url, judge_model: "scripted" },
  });
  const { run_id } = await post(app.url, "/api/runs", {
    experiment: EXPERIMENT,
    traits: [TRAIT],
    stages: ["vet-scenarios"],
    config: {},
  });
  await runDone(app, run_id);
});

test.afterAll(() => judge.close());

async function post(base: string, route: string, body: unknown): Promise<{ run_id: string }> {
  const response = await fetch(`${base}${route}`, { method: "POST", body: JSON.stringify(body) });
  expect(response.ok, await response.clone().text()).toBe(true);
  return response.json() as Promise<{ run_id: string }>;
}

const list = (page: Page) => page.getByRole("listbox");

async function open(page: Page, url: string, query = ""): Promise<void> {
  await page.goto(`${url}/traits/${TRAIT}/review${query}`);
  await expect(list(page)).toBeFocused();
}

/** `positive-4`: the side and line that the list has its cursor on. */
async function expectActive(page: Page, id: string): Promise<void> {
  await expect(list(page)).toHaveAttribute("aria-activedescendant", `queue-${id}`);
}

const shownCount = (page: Page) => page.getByRole("status").filter({ hasText: / shown/ });

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

function labelsOf(home: string): HumanLabel[] {
  const file = path.join(home, `experiments/${EXPERIMENT}/extraction/${TRAIT}/vetting/human_labels.jsonl`);
  return parseHumanLabels(existsSync(file) ? readFileSync(file, "utf8") : null, file);
}

/** What counts of the labels on disk: `positive 4`, its verdict and score. */
function verdictsOf(home: string): string[] {
  const last = lastLabels(labelsOf(home), "scenario");
  return [...last.values()]
    .flatMap((label) => {
      if (!label) return [];
      const day = /day (\d+)/.exec(label.text)?.[1];
      return [`${label.polarity} ${day} ${label.verdict} ${label.score}`];
    })
    .sort();
}
const expectVerdicts = (home: string, verdicts: string[]) =>
  expect.poll(() => verdictsOf(home)).toEqual(verdicts);

async function expectOnDisk(home: string, side: "positive" | "negative", text: string): Promise<void> {
  const file = path.join(home, "datasets/traits", TRAIT, `${side}.txt`);
  await expect.poll(() => readFileSync(file, "utf8")).toBe(text);
}

test("judge calibration: the figures are those of a hand computation", async ({ page, app }) => {
  await open(page, app.url, "?view=calibration");
  await expect(shownCount(page)).toHaveText("11 shown, 0 labelled");
  await expect(page.getByText("The judge's score is hidden")).toBeVisible();
  // The judge's ranks are 5 4 3 2 1, ours 5 4 3 1 2: rho = 1 - 6 * 2 / (5 * 24) = 0.9; differences 10 5 0 30 5.
  const keys: Record<string, string> = { "#90": "5", "#80": "4", "#50": "3", "#30": "1", "#20": "2" };
  await press(page, "Home");
  for (let item = 0; item < 11; item++) {
    const id = await list(page).getAttribute("aria-activedescendant");
    const text = await page.locator(`#${id}`).textContent();
    await press(page, keys[/#\w+/.exec(text ?? "")?.[0] ?? ""] ?? "j");
    if (item < 10) await expect(list(page)).not.toHaveAttribute("aria-activedescendant", id ?? "");
  }
  await expectVerdicts(app.home, [
    "positive 1 pass 100",
    "positive 2 pass 75",
    "positive 3 fail 50",
    "positive 4 fail 0",
    "positive 5 fail 25",
  ]);
  const rubric = page.getByRole("complementary", { name: "Rubric" });
  await expect(rubric.getByText("15 more of your scores")).toBeVisible();
  await expect(rubric.locator("dl")).toHaveText("Spearman0.90Mean difference10.0 pointsn5");
  const rows = rubric.getByRole("row");
  await expect(rows.nth(1)).toHaveText("passes2000");
  await expect(rows.nth(2)).toHaveText("fails0120");
  await expectAccessible(page);

  // At 50 and 40: 90, 80, 50 of the positives, and 12, 22, 5 of the negatives.
  await rubric.getByRole("spinbutton", { name: "A positive passes from" }).fill("50");
  await expect(rubric.getByText("6 of 11")).toBeVisible();
  await rubric.getByRole("slider", { name: /^A positive passes from/ }).press("ArrowRight");
  await expect(rubric.getByText("5 of 11")).toBeVisible();
  await expect(rubric.getByRole("button", { name: `Use these thresholds in ${EXPERIMENT}` })).toBeEnabled();
  await list(page).focus();
  await press(page, ...Array(5).fill("ControlOrMeta+z"));
  await expectVerdicts(app.home, []);
});

test("thresholds are taken over into the experiment and back", async ({ page, app }) => {
  const config = path.join(app.home, `experiments/${EXPERIMENT}/config.json`);
  for (const threshold of [45, 60]) {
    await open(page, app.url, "?view=calibration");
    await page.getByRole("spinbutton", { name: "A positive passes from" }).fill(String(threshold));
    await page.getByRole("button", { name: `Use these thresholds in ${EXPERIMENT}` }).press("Enter");
    await expect.poll(() => JSON.parse(readFileSync(config, "utf8")).pos_threshold).toBe(threshold);
    const note = page.getByText("the thresholds were");
    if (threshold === 60) await expect(note).toHaveCount(0);
  }
});

test("verdicts, a score, an edit, and undo of all of it, by keyboard alone", async ({ page, app }) => {
  await open(page, app.url);
  await expect(shownCount(page)).toHaveText("7 shown");
  await expectActive(page, "positive-3");
  await expectAccessible(page);
  await press(page, "j");
  await expectActive(page, "positive-4");
  await press(page, "a");
  await expectActive(page, "positive-5");
  await press(page, "x");
  await expectActive(page, "positive-5");
  await press(page, "4");
  await expectActive(page, "positive-6");
  await expectVerdicts(app.home, ["positive 4 pass null", "positive 5 pass 75"]);
  await expect(page.getByText("The judge said:")).toContainText("refused");

  await press(page, "e");
  const editor = page.getByRole("textbox", { name: "Scenario" });
  await expect(editor).toBeFocused();
  await press(page, "ControlOrMeta+a");
  // Letters and digits are typed here, not carried out.
  await page.keyboard.type("#88 axe 4 j, so I gave my coat away and");
  await press(page, "ControlOrMeta+Enter");
  await expectActive(page, "negative-3");
  await expect(list(page)).toBeFocused();
  const edited = fileText("positive").replace(
    textOf("positive", 6),
    "#88 axe 4 j, so I gave my coat away and",
  );
  await expectOnDisk(app.home, "positive", edited);
  await expect(shownCount(page)).toHaveText("4 shown");
  await expect(page.getByRole("button", { name: "Re-vet 1 changed" })).toBeVisible();

  await press(page, "ControlOrMeta+z");
  await expectOnDisk(app.home, "positive", fileText("positive"));
  await expectActive(page, "positive-6");
  await press(page, "ControlOrMeta+z");
  await expectVerdicts(app.home, ["positive 4 pass null", "positive 5 fail null"]);
  await press(page, "ControlOrMeta+z", "ControlOrMeta+z");
  await expectVerdicts(app.home, []);
  await expectActive(page, "positive-4");
  await expect(shownCount(page)).toHaveText("7 shown");
  await press(page, "ControlOrMeta+Shift+z", "ControlOrMeta+y", "ControlOrMeta+y", "ControlOrMeta+y");
  await expectOnDisk(app.home, "positive", edited);
  await expectVerdicts(app.home, ["positive 4 pass null", "positive 5 pass 75"]);
  await press(page, ...Array(4).fill("ControlOrMeta+z"));
  await expectOnDisk(app.home, "positive", fileText("positive"));
  await expectVerdicts(app.home, []);
});

test("filters, a selection and many at once, with one undo", async ({ page, app }) => {
  await open(page, app.url);
  await page.getByRole("spinbutton", { name: "Score from" }).fill("40");
  await press(page, "Enter");
  await expect(shownCount(page)).toHaveText("4 shown");
  await page.getByRole("combobox", { name: "Side" }).selectOption("negative");
  await expect(shownCount(page)).toHaveText("3 shown");
  await page.getByRole("combobox", { name: "Kind of failure" }).selectOption("ambiguous");
  await expect(shownCount(page)).toHaveText("1 shown");
  await page.reload();
  await expect(shownCount(page)).toHaveText("1 shown");
  await page.getByRole("combobox", { name: "Kind of failure" }).selectOption("any");

  await page.getByRole("button", { name: "Accept all 3 shown" }).press("Enter");
  await expectVerdicts(app.home, ["negative 3 pass null", "negative 4 pass null", "negative 5 pass null"]);
  await expect(page.getByText("Nothing here fails")).toBeVisible();
  await expect(list(page)).toBeFocused();
  await press(page, "ControlOrMeta+z");
  await expectVerdicts(app.home, []);
  await expect(shownCount(page)).toHaveText("3 shown");

  await press(page, "Home", " ", "Shift+ArrowDown");
  await expect(shownCount(page)).toContainText("2 chosen");
  await expect(list(page).getByRole("option", { selected: true })).toHaveCount(2);
  await page.getByRole("button", { name: "Reject 2 chosen" }).press("Enter");
  await expectVerdicts(app.home, ["negative 3 fail null", "negative 4 fail null"]);
  await page.getByRole("button", { name: "Clear 2 of your verdicts" }).press("Enter");
  await expectVerdicts(app.home, []);
});

test("the histogram is dragged to choose a range", async ({ page, app }) => {
  await open(page, app.url, "?show=all");
  const chart = page.getByRole("img", { name: /^Scores/ });
  const box = await chart.boundingBox();
  if (!box) throw new Error("the histogram is not shown");
  const at = (score: number) => [box.x + (score / 100) * box.width, box.y + box.height / 2] as const;
  await page.mouse.move(...at(45));
  await page.mouse.down();
  await page.mouse.move(...at(75), { steps: 5 });
  await page.mouse.up();
  await expect(shownCount(page)).toHaveText("3 shown");
  await expect(page.getByRole("spinbutton", { name: "Score from" })).toHaveValue(/4[45]/);
  await page.mouse.click(...at(20));
  await expect(shownCount(page)).toHaveText("12 shown");
});

test("suggested fixes are accepted one by one and all at once, and taken back", async ({ page, app }) => {
  await page.addInitScript((writer) => localStorage.setItem("tiller.writer", JSON.stringify(writer)), {
    judge: judge.url,
    model: "scripted",
  });
  await open(page, app.url);
  await press(page, "j", "f");
  const card = page.getByRole("region", { name: "Suggested fix" });
  await expect(card).toBeFocused();
  await expect(card.locator("del")).toContainText("30");
  await expect(card.locator("ins")).toContainText("95");
  await expectAccessible(page);
  await press(page, "Enter");
  await expectOnDisk(app.home, "positive", fileText("positive").replace("#30 ", "#95 "));
  await expectActive(page, "positive-5");
  await press(page, "ControlOrMeta+z");
  await expectOnDisk(app.home, "positive", fileText("positive"));
  // What was suggested waits at its line again; rejected, it is gone.
  await expectActive(page, "positive-4");
  await press(page, "f");
  await expect(card).toBeFocused();
  await press(page, "x");
  await expect(card).toHaveCount(0);
  await expect(list(page)).toBeFocused();

  await page.getByRole("button", { name: "Suggest for all 7 failing" }).press("Enter");
  await page.getByRole("button", { name: "Accept 7 suggestions" }).press("Enter");
  const mended = fileText("positive").replace(/#(50|30|20|none) /g, "#95 ");
  await expectOnDisk(app.home, "positive", mended);
  await expect(page.getByRole("button", { name: "Re-vet 7 changed" })).toBeVisible();
  await press(page, "ControlOrMeta+z");
  await expectOnDisk(app.home, "positive", fileText("positive"));
  await expectOnDisk(app.home, "negative", fileText("negative"));
});

test("a line that another program changed is not overwritten", async ({ page, app }) => {
  await open(page, app.url);
  const file = path.join(app.home, "datasets/traits", TRAIT, "positive.txt");
  const theirs = fileText("positive").replace("#50 ", "#51 ");
  await press(page, "e");
  await expect(page.getByRole("textbox", { name: "Scenario" })).toBeFocused();
  await page.keyboard.type(" then");
  writeFileSync(file, theirs);
  await press(page, "ControlOrMeta+Enter");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toBeVisible();
  await expectOnDisk(app.home, "positive", theirs);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Take what is on disk" }).press("Enter");
  await expect(dialog).toHaveCount(0);
  await expectOnDisk(app.home, "positive", theirs);
  writeFileSync(file, fileText("positive"));
});

test("a round of the loop: mend, vet again, all passes", async ({ page, app }) => {
  await page.addInitScript((writer) => localStorage.setItem("tiller.writer", JSON.stringify(writer)), {
    judge: judge.url,
    model: "scripted",
  });
  await open(page, app.url);
  await page.getByRole("button", { name: "Suggest for all 7 failing" }).press("Enter");
  await page.getByRole("button", { name: "Accept 7 suggestions" }).press("Enter");
  const asked = judge.counts().judge;
  await page.getByRole("button", { name: "Re-vet 7 changed" }).press("Enter");
  await expect(page.getByText("Vetted: 7 judge calls, 5 known before.")).toBeVisible();
  expect(judge.counts().judge - asked).toBe(7);
  await expect(page.getByText("100 % of the scenarios pass (12 of 12)")).toBeVisible();
  await expect(page.getByText("Everything passes.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Back to the editor" })).toBeVisible();
  await expect(page.getByText(/rounds: 45 % → 100 % → now 100 %/)).toBeVisible();
});

test("the page fits a wide and a narrow screen, light and dark", async ({ page, app }, info) => {
  await inBothLooks(page, async (name) => {
    for (const [what, query] of [
      ["queue", "?show=all&item=positive-3"],
      ["calibration", "?view=calibration"],
    ]) {
      await open(page, app.url, query);
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await page.screenshot({ path: info.outputPath(`${what}-${name}.png`), fullPage: true });
    }
    await press(page, "?");
    await expect(page.getByRole("dialog")).toContainText("Keys of the review");
    await expectAccessible(page);
    await press(page, "Escape");
    await expect(list(page)).toBeFocused();
  });
});
