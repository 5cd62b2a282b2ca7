import { type Browser, chromium, type Page } from "@playwright/test";
import config from "../../playwright.config.ts";
import { openDevicePage } from "../../tests/support/console-handle.ts";
import { findChromium } from "../../tools/project/chromium.mjs";
import { serveModules } from "./serve-modules.ts";

export interface OpenPage {
  browser: Browser;
  page: Page;
  version: string;
  /** The adapter as the browser names it. */
  adapter: string;
  software: boolean;
}

const SOFTWARE = "--use-webgpu-adapter=swiftshader";

/** Tiller's device page in Chromium, with the machine's graphics adapter; in software where there is none. */
export async function openPage(url: string): Promise<OpenPage> {
  const flags = config.use?.launchOptions?.args ?? [];
  const executablePath = await findChromium();
  for (const args of [[...flags.filter((flag) => flag !== SOFTWARE), "--enable-features=Vulkan"], flags]) {
    const browser = await chromium.launch({ executablePath, args });
    const page = await browser.newPage();
    page.setDefaultTimeout(120_000);
    await serveModules(page, url);
    await openDevicePage(page, url);
    const info = await page.evaluate(async () => {
      const found = (await navigator.gpu?.requestAdapter())?.info;
      return (
        found && { vendor: found.vendor, architecture: found.architecture, fallback: found.isFallbackAdapter }
      );
    });
    if (info) {
      const adapter = `${info.vendor} ${info.architecture}`.trim();
      const software = info.fallback || /swiftshader|llvmpipe/i.test(adapter);
      return { browser, page, version: browser.version(), adapter, software };
    }
    await browser.close();
  }
  throw new Error("Chromium offers no WebGPU adapter, not even in software");
}
