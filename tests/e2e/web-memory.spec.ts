import { statSync } from "node:fs";
import path from "node:path";
import { generate, type Handle, loadEngine, openDevicePage } from "../support/console-handle.ts";
import { root } from "../support/server.ts";
import { expect, test } from "./fixtures.ts";

const rows = [{ prompt: { text: "The baker opened the shop and" }, maxNewTokens: 4 }];
const weights = statSync(path.join(root, "public/models/demo/onnx/model.onnx")).size;

for (const device of ["webgpu", "wasm"] as const) {
  test(`${device}: an engine tells where its weights are held`, async ({ page, app }) => {
    await openDevicePage(page, app.url);
    await loadEngine(page, { device });
    await generate(page, rows);
    const memory = await page.evaluate(() => (window as unknown as Handle).engine.memory?.());
    const { heap = 0, graphics = 0 } = memory ?? {};
    if (device === "wasm") expect(graphics).toBe(0);
    else expect(graphics).toBeGreaterThan(0.9 * weights);
    expect(heap).toBeGreaterThan(weights);
    expect(heap + graphics).toBeLessThan(50 * weights);
  });
}
