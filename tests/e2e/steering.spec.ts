import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { prepareSmallHome, smallTrait } from "../../lib/testing/small-home.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, inBothLooks, runDone, test } from "./fixtures.ts";

const TRAIT = smallTrait;

test.describe.configure({ mode: "serial" });
test.use({ homeName: "steering" });

interface Sample {
  question: string;
  answer: string;
  trait_score: number | null;
  coherence_score: number | null;
}
interface Run {
  config: { vectors: { method: string; layer: number }[] };
  coef: number;
  coef_ratio: number;
  samples: string;
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const scores = (samples: Sample[], key: "trait_score" | "coherence_score") =>
  samples.flatMap((sample) => sample[key] ?? []);
// As the page writes a difference: with its sign, and a real minus.
const shown = (value: number) =>
  `${value < 0 && Number(value.toFixed(1)) < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
const folderOf = (home: string) => path.join(home, "experiments/sample/steering", TRAIT, "response_all");
const read = async <T>(home: string, file: string): Promise<T> =>
  JSON.parse(await readFile(path.join(folderOf(home), file), "utf8"));

/** The change by question: one answer each, where both sides have a score. */
function deltaOf(steered: Sample[], baseline: Sample[]): number {
  const pairs = steered.flatMap(({ trait_score }, at) => {
    const before = baseline[at]?.trait_score;
    return trait_score === null || before == null ? [] : [trait_score - before];
  });
  return mean(pairs);
}

test.beforeAll(async ({ app }) => {
  test.setTimeout(240_000);
  prepareSmallHome(app.home, 20, 5);
  const post = await fetch(`${app.url}/api/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      experiment: "sample",
      traits: [TRAIT],
      config: { layers: "1-2", coefs: [0.5, 0.9], steering_methods: ["mean_diff"] },
    }),
  });
  const { run_id } = await post.json();
  await runDone(app, run_id);
});

test("every figure of the steering page is what its files give when they are computed again", async ({
  page,
  app,
}, info) => {
  const { runs, baseline } = await read<{ runs: Run[]; baseline: { samples: string } }>(
    app.home,
    "results.json",
  );
  const before = await read<Sample[]>(app.home, baseline.samples);
  await page.goto(`${app.url}/experiments/sample/steering?trait=${TRAIT}`);
  const delta = page.getByRole("grid", { name: /^Change of the trait's score/ });
  const coherence = page.getByRole("grid", { name: /^Coherence/ });
  let best = { delta: Number.NEGATIVE_INFINITY, cell: "" };
  for (const { config, coef_ratio, samples } of runs) {
    const steered = await read<Sample[]>(app.home, samples);
    const change = deltaOf(steered, before);
    const text = mean(scores(steered, "coherence_score"));
    const name = new RegExp(`^layer ${config.vectors[0]?.layer}, ratio ${coef_ratio.toFixed(2)} `);
    const cell = delta.getByRole("gridcell", { name });
    expect(Number(await cell.getAttribute("data-value"))).toBeCloseTo(change, 9);
    await expect(cell).toContainText(shown(change));
    expect(Number(await coherence.getByRole("gridcell", { name }).getAttribute("data-value"))).toBeCloseTo(
      text,
      9,
    );
    const label = (await cell.getAttribute("aria-label")) ?? "";
    expect(label.includes("; significant")).toBe(
      /\*$/.test((await cell.locator("text").textContent()) ?? ""),
    );
    if (text >= 70 && change > best.delta) best = { delta: change, cell: label };
  }
  if (best.cell !== "") {
    expect(best.cell).toMatch(/\(best\)$/);
    const card = page.getByRole("heading", { name: /^Best/ }).locator("xpath=ancestor::section[1]");
    await expect(card).toContainText(
      `${mean(scores(before, "trait_score")).toFixed(1)} → ${(mean(scores(before, "trait_score")) + best.delta).toFixed(1)}`,
    );
  }
  await expect(page.getByRole("heading", { name: "Why this layer?" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Try in chat" }).first()).toHaveAttribute(
    "href",
    /^\/steer\?v=sample%3Asmall%2Foptimism%3Amean_diff%3A[12]%3A\d/,
  );
  await page.getByLabel("Dose in").selectOption("coef");
  await expect(page).toHaveURL(/unit=coef/);
  await expect(page.getByRole("figure", { name: /over the raw coefficient/ })).toBeVisible();
  await inBothLooks(page, async (name) => {
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.screenshot({ path: info.outputPath(`steering-${name}.png`), fullPage: true });
  });
});

test("samples are filtered by score and text, in the address, and show what the judge was asked", async ({
  page,
  app,
}) => {
  const { runs } = await read<{ runs: Run[] }>(app.home, "results.json");
  const run = runs.at(-1);
  const steered = await read<Sample[]>(app.home, run?.samples ?? "");
  const layer = run?.config.vectors[0]?.layer;
  const least = Math.ceil(Math.max(...scores(steered, "trait_score")) - 1e-9);
  const passing = steered.filter(({ trait_score }) => (trait_score ?? -1) >= least - 1);
  await page.goto(
    `${app.url}/experiments/sample/steering?trait=${TRAIT}&layer=${layer}&ratio=${run?.coef_ratio}`,
  );
  await expect(page.getByText(`${steered.length} of ${steered.length} samples`)).toBeVisible();
  await page.getByLabel("Trait from").fill(String(least - 1));
  await expect(page.getByText(`${passing.length} of ${steered.length} samples`)).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`tmin=${least - 1}`));
  await page.getByRole("button", { name: "Show all" }).click();
  const [first] = steered;
  if (!first) throw new Error("no sample");
  await page.getByLabel("Text holds").fill(first.question);
  await expect(page.getByText(`1 of ${steered.length} samples`)).toBeVisible();

  const answer = page.getByRole("listitem").filter({ hasText: "Baseline" });
  await answer.getByRole("button", { name: "Judge’s inputs" }).last().click();
  const asked = answer.getByRole("region", { name: "Trait: what the judge was asked" });
  await expect(asked).toContainText(
    `Question: <text>${first.question}</text>\nText: <text>${first.answer.trim()}</text>\nThe optimism score:`,
  );
  await expect(asked.getByRole("heading")).toHaveText(`Trait ${first.trait_score?.toFixed(1)}`);
  await expect(asked).toContainText("method logprobs");
  await expectAccessible(page);
});

test("steering further from the chart adds a cell and leaves the others as they are", async ({
  page,
  app,
}) => {
  const before = await read<{ runs: Run[]; random_band: unknown[] }>(app.home, "results.json");
  const texts = await Promise.all(
    before.runs.map(({ samples }) => readFile(path.join(folderOf(app.home), samples))),
  );
  await page.goto(`${app.url}/experiments/sample/steering?trait=${TRAIT}`);
  await page.getByLabel("Layers", { exact: true }).fill("3");
  await page.getByLabel("Ratios", { exact: true }).fill("0.9");
  await expect(page.getByText("This adds 1 setting to the 4 that are there.")).toBeVisible();
  await page.getByRole("button", { name: "Steer further" }).click();
  await expect(page.getByRole("heading", { name: /^Steering run/ })).toBeVisible();
  await expect(page.getByRole("link", { name: "The run’s page" })).toBeVisible();
  const grid = page.getByRole("grid", { name: /^Change of the trait's score/ });
  const added = grid.getByRole("gridcell", { name: /^layer 3, ratio 0\.90 / });
  await expect(added).toHaveAttribute("data-value", /\d/, { timeout: 60_000 });

  const after = await read<typeof before>(app.home, "results.json");
  expect(after.runs).toHaveLength(5);
  expect(after.runs.slice(0, 4)).toEqual(before.runs);
  for (const band of before.random_band) expect(after.random_band).toContainEqual(band);
  for (const [at, { samples }] of before.runs.entries())
    expect((await readFile(path.join(folderOf(app.home), samples))).equals(texts[at] ?? Buffer.of())).toBe(
      true,
    );

  // The hole in the grid is a wish for the next run.
  await grid.getByRole("gridcell", { name: /^layer 3, ratio 0\.50: not steered/ }).click();
  await expect(page.getByLabel("Ratios", { exact: true })).toHaveValue("0.5");
  await expect(page.getByLabel("Layers", { exact: true })).toHaveValue("3");
});

test("the report shows the files' figures, and prints from one file that fetches nothing", async ({
  page,
  app,
  browser,
}, info) => {
  const { best } = await read<{ best: { delta: number; coherence: number } | null }>(
    app.home,
    "results.json",
  );
  const figures = `${(best?.delta ?? 0).toFixed(1)} at coherence ${(best?.coherence ?? 0).toFixed(1)}`;
  await page.goto(`${app.url}/experiments/sample`);
  await page.getByRole("link", { name: "Report" }).click();
  await expect(page.getByRole("table", { name: `Quality of ${TRAIT}` })).toContainText(figures);
  await expect(page.getByRole("img", { name: /^Change of the trait's score/ })).toBeVisible();
  await inBothLooks(page, async (name) => {
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.screenshot({ path: info.outputPath(`report-${name}.png`), fullPage: true });
  });
  const markdown = await (
    await page.request.get(`${app.url}/api/experiments/sample/report?format=md`)
  ).text();
  expect(markdown).toContain(figures);

  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
  await page.emulateMedia({ media: "screen" });
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Printable HTML" }).click();
  const file = info.outputPath("report.html");
  await (await download).saveAs(file);
  const context = await browser.newContext({ offline: true });
  const alone = await context.newPage();
  const asked: string[] = [];
  alone.on("request", (request) => asked.push(request.url()));
  await alone.goto(pathToFileURL(file).href);
  await expect(alone.getByText(figures)).toBeVisible();
  const values = await alone
    .getByRole("img", { name: /^Change of the trait's score/ })
    .locator("[data-value]")
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute("data-value")).filter(Boolean));
  const { runs } = await read<{ runs: { result: { delta: number } }[] }>(app.home, "results.json");
  expect(values.map(Number).sort()).toEqual(runs.map(({ result }) => result.delta).sort());
  await expectAccessible(alone);
  expect(asked).toEqual([pathToFileURL(file).href]);
  await context.close();

  await page.goto(`${app.url}/experiments/nothing/report`);
  await expect(page.getByRole("alert").filter({ hasText: "nothing" })).toBeVisible();
});

test("real responses stand on the vectors page token by token, as they were written", async ({
  page,
  app,
}) => {
  const folder = path.join(app.home, "experiments/sample/extraction", TRAIT, "responses");
  const answers = await Promise.all(
    ["pos", "neg"].map(
      async (side): Promise<{ answer: string }[]> =>
        JSON.parse(await readFile(path.join(folder, `${side}.json`), "utf8")),
    ),
  );
  await page.goto(`${app.url}/experiments/sample/vectors?trait=${TRAIT}&method=mean_diff&layer=2`);
  await page.getByRole("button", { name: "Read the first 5 responses of each side" }).click();
  const rows = page.getByRole("list", { name: "Responses by token" }).getByRole("listitem");
  await expect(rows).toHaveCount(10);
  const shown = await rows.evaluateAll((all) =>
    all.map((row) =>
      [...row.querySelectorAll("[data-projection]")].map((token) => token.textContent).join(""),
    ),
  );
  expect(shown).toEqual(answers.flatMap((side) => side.slice(0, 5).map(({ answer }) => answer)));
  await page.getByRole("button", { name: "Next" }).click();
  await expect(rows.first()).toContainText("line 6");
  await expectAccessible(page);
});
