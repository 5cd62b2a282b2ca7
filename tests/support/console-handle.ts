import type { Page } from "@playwright/test";
import type { createWebEngines, WebEngineOptions } from "#lib/browser/engines.ts";
import type { ErrorJson } from "#lib/core/errors.ts";
import type { Engine, GenerateRow, Generation } from "#lib/engine/contract.ts";

/** What the device page offers to the developer tools' console, and what a test keeps beside it. */
export interface Handle {
  tiller: { createWebEngines: typeof createWebEngines };
  engine: Engine;
  notices: string[];
  streamed: [row: number, token: number][];
}

export interface LoadRequest extends WebEngineOptions {
  device: "webgpu" | "wasm";
  modelId?: string;
}

/** Loads the demo model in the page's own worker. @returns its progress messages, or the error */
export function loadEngine(page: Page, request: LoadRequest): Promise<string[] | ErrorJson> {
  return page.evaluate(async ({ device, modelId = "demo", ...options }) => {
    const handle = window as unknown as Handle;
    const messages: string[] = [];
    try {
      handle.engine = await handle.tiller
        .createWebEngines(options)
        .load(modelId, { device, onProgress: (message) => messages.push(message) });
      return messages;
    } catch (error) {
      return (error as { toJSON(): ErrorJson }).toJSON();
    }
  }, request);
}

/** Generates with the loaded engine, keeping notices and tokens in the page. */
export function generate(page: Page, rows: GenerateRow[]): Promise<Generation[]> {
  return page.evaluate((given) => {
    const handle = window as unknown as Handle;
    handle.notices = [];
    handle.streamed = [];
    return handle.engine.generate(given, {
      onNotice: (message) => handle.notices.push(message),
      onToken: (row, token) => handle.streamed.push([row, token]),
    });
  }, rows);
}

/** Resolves when the running generation has streamed at least this many tokens. */
export async function streamed(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => ((window as unknown as Handle).streamed?.length ?? 0) >= wanted,
    count,
  );
}

export async function openDevicePage(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/settings/device`);
  await page.waitForFunction(() => "tiller" in window);
}

/** What the last generation had to tell beside its tokens. */
export function noticesOf(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as Handle).notices);
}
