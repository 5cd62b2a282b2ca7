import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";

test("the device page says what the browser offers, and the check finds both devices right", async ({
  page,
  app,
}, info) => {
  await page.goto(`${app.url}/settings/device`);
  await expect(page.getByText("shader-f16 is missing")).toBeVisible();
  await expect(page.getByText("cross-origin isolated")).toBeVisible();
  await expect(page.getByText(/^maxStorageBufferBindingSize/)).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Run the check" }).click();
  const result = page.getByRole("table", { name: "Result of the check" });
  for (const device of ["wasm", "webgpu"]) {
    const row = result.locator(`[data-device=${device}]`);
    await expect(row).toHaveAttribute("data-passed", "true", { timeout: 240_000 });
    await expect(row).toContainText("6 of 6 answers equal");
    const [, error] = /hidden states within (\d\.\de-\d+)/.exec((await row.textContent()) ?? "") ?? [];
    expect(Number(error)).toBeLessThanOrEqual(1e-4);
    await expect(row).toContainText(/\d\.\d tokens\/s/);
    await expect(row).toContainText(/\d MB/);
  }
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 900 });
  await expectNoSidewaysScroll(page);
  await page.screenshot({ path: info.outputPath("device.png"), fullPage: true });
});
