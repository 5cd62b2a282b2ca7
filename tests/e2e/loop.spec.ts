import { readFileSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "@playwright/test";
import type { TraitVetting } from "../../lib/pipeline/vetting-api.ts";
import { root } from "../support/server.ts";
import { expect, expectAccessible, test } from "./fixtures.ts";

// The daily work, as a user does it, with the bundled model and the bundled judge, which knows the trait by its name.
const TRAIT = "mine/optimism";
const bundled = (file: string) =>
  readFileSync(path.join(root, "datasets/traits/demo/optimism", file), "utf8");
// Lines that the bundled model follows and the judge passes on both sides.
const strong = { positive: pick("positive.txt"), negative: pick("negative.txt") };
const weak = {
  positive: [
    "The mill had stood still for a week, so I",
    "The storm had come over the harbour at night, so I told them",
  ],
  negative: [
    "The mill had stood still for a month, so I",
    "The storm had come over the harbour at noon, so I told them",
  ],
};

function pick(file: string): string[] {
  return bundled(file).split("\n").slice(2, 5);
}

const side = (page: Page, name: "Positive" | "Negative") =>
  page.getByRole("textbox", { name: `${name} scenarios, one per line` });
const card = (page: Page, title: string) =>
  page.locator("section").filter({ has: page.getByRole("heading", { name: title, exact: true }) });

/** A key is not held back until a button can be pressed, as a click is. */
async function pressOn(button: Locator): Promise<void> {
  await expect(button).toBeEnabled();
  await button.press("Enter");
}

test.setTimeout(600_000);

test.use({ homeName: "loop" });

test("from weak lines to 100 %: linted, answered, judged, mended by keyboard, and only what changed is judged again", async ({
  page,
  app,
}) => {
  const vetting = async () => {
    const answer = await fetch(`${app.url}/api/experiments/sample/traits/${TRAIT}/vetting`);
    return (await answer.json()) as TraitVetting;
  };
  const rounds = async (kind: "scenario" | "response") =>
    (await vetting()).rounds.filter((round) => round.kind === kind);

  await page.goto(`${app.url}/traits`);
  await page.getByRole("button", { name: "New trait" }).press("Enter");
  await page.getByRole("textbox", { name: "Name" }).fill(TRAIT);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/traits\/mine\/optimism/);
  const lines = (name: "positive" | "negative") => [strong[name][0] ?? "", ...weak[name]];
  for (const name of ["positive", "negative"] as const) {
    await side(page, name === "positive" ? "Positive" : "Negative").focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(lines(name).join("\n"));
  }
  await expect(page.getByRole("listitem").filter({ hasText: "weak" }).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Go to positive line 2" }).first()).toBeVisible();
  await page.getByRole("textbox", { name: "Definition" }).fill(bundled("definition.txt").trim());

  await page.getByRole("button", { name: "Vet", exact: true }).press("Enter");
  await expect(page.getByLabel("Experiment")).toHaveValue("sample");
  const scenarios = card(page, "Scenarios");
  const responses = card(page, "Responses");
  await pressOn(scenarios.getByRole("button", { name: "Vet scenarios" }));
  await expect.poll(async () => (await rounds("scenario")).length, { timeout: 120_000 }).toBe(1);
  await pressOn(responses.getByRole("button", { name: "Generate and vet responses" }));
  await expect.poll(async () => (await rounds("response")).length, { timeout: 120_000 }).toBe(1);
  const first = await vetting();
  expect(first.rounds.map(({ judged }) => judged)).toEqual([6, 6]);
  const failing = (first.responses?.results ?? []).filter(({ verdict }) => verdict !== "pass");
  expect(failing.length).toBeGreaterThan(0);
  expect(failing.every(({ idx }) => idx > 0)).toBe(true);

  // From here on the keyboard alone.
  const review = responses.getByRole("link", { name: /^Review \d failures?$/ });
  await expect(review).toBeVisible();
  await review.press("Enter");
  await page.waitForURL(/\/review\?/);
  const list = page.getByRole("listbox");
  await expect(list).toBeFocused();
  await expectAccessible(page);
  for (const { polarity, idx } of failing) {
    await expect(list).toHaveAttribute("aria-activedescendant", `queue-${polarity}-${idx + 1}`);
    await page.keyboard.press("e");
    await expect(page.getByRole("textbox", { name: "Scenario" })).toBeFocused();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(strong[polarity][idx] ?? "");
    await page.keyboard.press("ControlOrMeta+Enter");
    await expect(list).toBeFocused();
  }
  await pressOn(page.getByRole("button", { name: `Re-vet ${failing.length} changed` }));
  await expect.poll(async () => (await rounds("response")).length, { timeout: 120_000 }).toBe(2);

  const after = await vetting();
  expect((await rounds("scenario")).at(-1)).toMatchObject({ texts: 6, judged: failing.length });
  expect((await rounds("response")).at(-1)).toMatchObject({ texts: 6, judged: failing.length, pass_rate: 1 });
  const kept = (found: TraitVetting) =>
    (found.responses?.results ?? []).filter(
      (result) => !failing.some(({ polarity, idx }) => polarity === result.polarity && idx === result.idx),
    );
  expect(kept(after)).toEqual(kept(first));
  await expect(page.getByText(/100 %/).first()).toBeVisible();

  await page.goto(`${app.url}/traits/${TRAIT}?tab=vet&experiment=sample`);
  await expect(responses.getByText("✓ All 6 responses pass.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Scale up/ }).first()).toBeVisible();
  await page
    .getByRole("button", { name: /^Scale up/ })
    .first()
    .press("Enter");
  await expect(page.getByRole("dialog", { name: "Generate a batch" })).toBeVisible();
});
