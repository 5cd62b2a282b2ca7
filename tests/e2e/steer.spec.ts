import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import { norm } from "#lib/core/linear.ts";
import { plantedVector, plantVectors } from "#lib/testing/planted-vectors.ts";
import { expect, expectAccessible, expectNoSidewaysScroll, inBothLooks, test } from "./fixtures.ts";

// A planted vector: what the chat does with one, not what one is worth.

test.use({ homeName: "steer", permissions: ["clipboard-read", "clipboard-write"] });

const VECTOR = { experiment: "planted", trait: "demo/wave" };
const QUESTION = "Where do you buy bread?";
const link = (coef: number, more = "") => `/steer?v=planted:demo/wave:mean_diff:2:${coef}${more}&max=40`;
const side = (page: Page, name: "Baseline" | "Steered") =>
  page.getByRole("region", { name: `${name} answer` }).last();
const textOf = async (page: Page, name: "Baseline" | "Steered") => {
  const pane = side(page, name);
  await expect(pane).toHaveAttribute("aria-busy", "false", { timeout: 120_000 });
  return (await pane.locator(".font-mono").first().textContent()) ?? "";
};

test.beforeAll(({ app }) => {
  const vectors = new Map([1, 2, 3].map((layer) => [layer, plantedVector(192, layer)]));
  plantVectors(app.home, VECTOR, vectors, 200);
});

async function ask(page: Page, text = QUESTION): Promise<void> {
  await page.getByRole("textbox", { name: "Message" }).fill(text);
  await page.keyboard.press("Enter");
}

test("coefficient 0 is the baseline, the slider changes the text, and too much is warned of", async ({
  page,
  app,
}) => {
  await page.goto(app.url + link(0));
  await ask(page);
  const baseline = await textOf(page, "Baseline");
  expect(baseline).not.toBe("");
  expect(await textOf(page, "Steered")).toBe(baseline);
  await expect(side(page, "Steered").getByText("the same text")).toBeVisible();

  await page.getByRole("checkbox", { name: "Answer again as settings change" }).check();
  const slider = page.getByRole("slider", { name: "Strength" });
  await slider.fill("2");
  await expect(page.getByText(/^! Past the suggested range/)).toBeVisible();
  await expect(page.getByRole("spinbutton", { name: "Coefficient (raw)" })).toHaveValue("400");
  await expect(side(page, "Steered").getByText("the same text")).toBeHidden();
  await expect.poll(() => textOf(page, "Steered")).not.toBe(baseline);
  expect(await textOf(page, "Baseline")).toBe(baseline);
  await slider.fill("0");
  await expect.poll(() => textOf(page, "Steered")).toBe(baseline);
  await expectAccessible(page);
});

test("tokens are coloured by projections that add up from the states, and stand in a table", async ({
  page,
  app,
}) => {
  await page.goto(`${app.url}${link(400)}&colour=0`);
  await ask(page);
  const tokens = side(page, "Steered").locator("[data-projection]");
  await expect(tokens.first()).toBeVisible({ timeout: 120_000 });
  const name = { ...VECTOR, method: "mean_diff", layer: 2 };
  const post = async (path: string, data: object) =>
    (await page.request.post(app.url + path, { data, headers: { "sec-fetch-site": "same-origin" } })).json();
  const { choices } = await post("/api/v1/chat/completions", {
    model: "demo",
    messages: [{ role: "user", content: QUESTION }],
    temperature: 0,
    max_tokens: 40,
    steering: { vectors: [{ ...name, coef: 400 }] },
  });
  const { prompt_tokens, response_tokens } = choices[0].tiller;
  const { rows } = await post("/api/projections", {
    model: "demo",
    vectors: [name],
    rows: [{ prompt_tokens, response_tokens }],
  });
  const [row] = rows;
  const values = await tokens.evaluateAll((spans) =>
    spans.map((span) => Number(span.getAttribute("data-projection"))),
  );
  expect(values).toEqual(row.projections[0].slice(row.prompt));
  expect((await tokens.allTextContents()).join("")).toBe(choices[0].message.content);
  await side(page, "Steered")
    .getByText(/^Tokens as a table/)
    .click();
  await expect(side(page, "Steered").getByRole("row")).toHaveCount(values.length + 1);
  await expectAccessible(page);
});

test("Escape stops an answer, and the next question goes on from what was said", async ({ page, app }) => {
  await page.goto(`${app.url}/steer?v=planted:demo/wave:mean_diff:2:0&max=400&temperature=1`);
  // The stop comes while the answer is on its way, however fast that is.
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/api/v1/chat/completions", async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  await ask(page);
  await expect(page.getByRole("button", { name: "Stop" })).toBeEnabled();
  await page.keyboard.press("Escape");
  await expect(page.getByText("! Stopped.")).toBeVisible();
  release();
  await page.unroute("**/api/v1/chat/completions");
  await page.getByRole("button", { name: "Regenerate" }).click();
  expect(await textOf(page, "Steered")).toBe(await textOf(page, "Baseline"));
  const asked = page.waitForRequest("**/api/v1/chat/completions");
  await ask(page, "And what then?");
  expect((await asked).postDataJSON().messages.map(({ role }: { role: string }) => role)).toEqual([
    "user",
    "assistant",
    "user",
  ]);
  await expect(page.getByRole("list", { name: "Conversation" }).getByRole("listitem")).toHaveCount(2);
});

test("a link holds every setting, the text only when asked; presets keep them and serve them", async ({
  page,
  app,
}) => {
  await page.goto(app.url + link(300, ":clamp"));
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByRole("combobox", { name: "Layer" }).last().selectOption("3");
  await page.getByRole("combobox", { name: "Operation" }).last().selectOption("ablate");
  await page.getByRole("combobox", { name: "Steered tokens" }).selectOption("all");
  await page.getByRole("spinbutton", { name: "Seed" }).fill("9");
  await page.getByRole("textbox", { name: "Message" }).fill("a private thought");
  const copied = async (button: string) => {
    await page.getByRole("button", { name: button, exact: true }).click();
    await expect(page.getByText("The link is copied", { exact: false }).last()).toBeVisible();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const bare = await copied("Copy link");
  expect(bare).not.toContain("private");
  const whole = await copied("… with my text");
  await page.getByRole("textbox", { name: "Save as" }).fill("my-wave");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved as my-wave")).toBeVisible();
  const saved = JSON.parse(await readFile(path.join(app.home, "presets/my-wave.json"), "utf8"));
  expect(saved.steering).toEqual({
    tokens: "all",
    vectors: [
      { ...VECTOR, method: "mean_diff", layer: 2, coef: 300, operator: "clamp" },
      { ...VECTOR, method: "mean_diff", layer: 3, coef: 300, operator: "ablate" },
    ],
  });
  await page.goto(whole);
  await expect(page.getByRole("textbox", { name: "Message" })).toHaveValue("a private thought");
  await expect(page.getByRole("combobox", { name: "Operation" }).last()).toHaveValue("ablate");
  await expect(page.getByRole("spinbutton", { name: "Seed" })).toHaveValue("9");
  await page.goto(`${app.url}/steer`);
  await expect(page.getByText("Nothing steers yet")).toBeVisible();
  await page.getByRole("combobox", { name: "Saved" }).selectOption("my-wave");
  await expect(page.getByRole("combobox", { name: "Operation" })).toHaveCount(2);
  await page.getByRole("button", { name: "Show how" }).click();
  await page.getByRole("textbox", { name: "New API token" }).fill("notebook");
  await page.getByRole("button", { name: "Make" }).click();
  const told =
    (await page
      .getByRole("status")
      .getByText(/^tiller_/)
      .textContent()) ?? "";
  const models = await fetch(`${app.url}/api/v1/models`, { headers: { authorization: `Bearer ${told}` } });
  expect((await models.json()).data.map(({ id }: { id: string }) => id)).toContain("my-wave");
  await expectAccessible(page);
});

test("in this browser (WASM) the answers and the colours are the server's", async ({ page, app }) => {
  test.setTimeout(180_000);
  const answers: string[][] = [];
  for (const device of ["server", "wasm"]) {
    await page.goto(`${app.url}${link(400)}&colour=0&device=${device}`);
    await ask(page);
    const tokens = side(page, "Steered").locator("[data-projection]");
    await expect(tokens.first()).toBeVisible({ timeout: 120_000 });
    const shown = await tokens.evaluateAll((spans) =>
      spans.map((span) => Number(span.getAttribute("data-projection"))),
    );
    answers.push([
      await textOf(page, "Baseline"),
      await textOf(page, "Steered"),
      shown.map((x) => x.toFixed(2)).join(),
    ]);
  }
  expect(answers[1]?.slice(0, 2)).toEqual(answers[0]?.slice(0, 2));
  const [ours = [], theirs = []] = answers.map(([, , values = ""]) => values.split(",").map(Number));
  expect(ours.length).toBe(theirs.length);
  expect(norm(ours.map((value, at) => value - (theirs[at] ?? 0)))).toBeLessThan(0.1);
});

test("what is missing is said in one line", async ({ page, app }) => {
  await page.goto(`${app.url}/steer?v=planted:demo/gone:mean_diff:2:1`);
  await ask(page);
  await expect(page.getByText(/^! .*demo\/gone.* is not there/)).toBeVisible({ timeout: 60_000 });
  const damaged = path.join(app.home, "experiments/damaged");
  await mkdir(damaged, { recursive: true });
  await writeFile(path.join(damaged, "config.json"), "{");
  await page.reload();
  await expect(page.getByRole("heading", { name: "Vectors" })).toBeVisible();
});

test("the page fits a wide and a narrow screen, light and dark", async ({ page, app }, info) => {
  await page.goto(`${app.url}${link(400)}&colour=0`);
  await ask(page);
  await expect(side(page, "Steered").locator("[data-projection]").first()).toBeVisible({ timeout: 120_000 });
  await inBothLooks(page, async (look) => {
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.screenshot({ path: info.outputPath(`steer-${look}.png`), fullPage: true });
  });
});
